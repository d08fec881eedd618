import type { Config } from 'drizzle-kit';
import { PREFIX } from '@bakery/db-kit';

export default {
  dialect: 'postgresql',
  schema: './src/db/schema',
  out: './src/db/migrations',
  tablesFilter: [`${PREFIX}_*`],
} satisfies Config;
