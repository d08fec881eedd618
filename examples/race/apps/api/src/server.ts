import { createServer } from 'node:http';
import { sql } from 'drizzle-orm';
import { asAccount, db } from '@/db/client';
import { projectOverview } from '@/db/schema';

const server = createServer(async (request, response) => {
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    if (request.url === '/health') {
      await db.execute(sql`select 1`);
      return reply(200, { healthy: true });
    }
    // Stands in for a login: whoever sits in front of this API says whose request it is.
    const account = request.headers['x-account-id'];
    if (request.url === '/projects' && typeof account === 'string') {
      return reply(200, await asAccount(account, (tx) => tx.select().from(projectOverview)));
    }
    return reply(404, { error: 'not found' });
  } catch (error) {
    console.error(error);
    return reply(500, { error: 'internal error' });
  }
});

server.listen(Number(process.env.PORT ?? 3000));
