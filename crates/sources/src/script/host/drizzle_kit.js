// `drizzle-kit`, of which a config file uses one function.
export function defineConfig(config) {
  return config;
}
export const defineDrizzleConfig = defineConfig;
export default { defineConfig };
