// The project's folder as it was named: its real path, or why it is none.
import { realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Result } from '../../preload/contract.ts'

/** Failure: `project`. */
export async function projectRoot(path: string): Promise<Result<string>> {
  try {
    const root = await realpath(path)
    if ((await stat(root)).isDirectory()) return { ok: true, value: root }
    return {
      ok: false,
      failure: { code: 'project', message: `${basename(path)} is a file: name the project's folder` },
    }
  } catch {
    return { ok: false, failure: { code: 'project', message: `there is no folder ${path}` } }
  }
}
