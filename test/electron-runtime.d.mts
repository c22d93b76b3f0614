// Types of electron-runtime.mjs, which is plain JavaScript because test/run.mjs needs it before anything is built.
export function findElectron(): { path: string } | { absent: string }
