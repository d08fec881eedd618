import { z } from 'zod';

/** What a team can set for a project. Checked where requests come in, stored as jsonb. */
export const projectSettings = z.object({
  sampleRate: z.number().min(0).max(1),
  retentionDays: z.number().int().positive(),
  slowAfterMs: z.number().int().positive(),
  ignoredPaths: z.array(z.string()),
});

export type ProjectSettings = z.infer<typeof projectSettings>;

/** What a new project starts with; the column's default, so that SQL inserts have it as well. */
export const defaultProjectSettings: ProjectSettings = {
  sampleRate: 1,
  retentionDays: 30,
  slowAfterMs: 2500,
  ignoredPaths: ['/health'],
};

export const accountPreferences = z.object({
  weeklyReport: z.boolean(),
  timezone: z.string(),
});

export type AccountPreferences = z.infer<typeof accountPreferences>;
