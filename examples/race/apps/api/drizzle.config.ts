import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema.ts',
  out: './src/db/migrations',
  dbCredentials: {
    // Left unset, Driftless keeps a Postgres of its own in .driftless/.
    url: process.env.DATABASE_URL!,
  },
  strict: true,
  verbose: true,
});
