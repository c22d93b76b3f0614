// The code of an error that the system reported, such as `ENOENT`.

/** Empty for everything that is no system error: callers throw those on, they are bugs. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
