// `node:process`.
export default process;
export const { env, argv, cwd, exit, platform, nextTick, version, versions } = process;
