import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./people.ts', './shop.ts'],
  out: './migrations',
  migrations: { schema: 'internal', table: 'applied_migrations' },
});
