import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  // Overlapping on purpose: a file that two patterns match counts once.
  schema: ['./src/**/*.sql.ts', './src/bookings/model/*.ts'],
  out: './src/migrations',
  casing: 'camelCase',
});
