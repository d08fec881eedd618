import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: SCHEMA,
  out: OUT,
  dbCredentials: { url: process.env.DATABASE_URL! },
});
