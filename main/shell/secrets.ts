// The key in the system's own key store: encrypted by Electron's safeStorage, kept in the data folder, never told to a window.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DesktopView, Result } from '../../preload/contract.ts'
import type { Electron } from './electron.ts'

export interface Secrets {
  view(): DesktopView['keyStore']
  /** The stored key; empty: none, or none that can be read (`view` says why). */
  read(): Promise<string>
  /** Empty: takes it away. Failures: `keystore` (refused, with the reason), `io`. */
  write(key: string): Promise<Result<null>>
}

/** `file` holds nothing but the encrypted bytes. */
export function setupSecrets(
  { safeStorage }: Pick<Electron, 'safeStorage'>,
  options: { readonly file: string; readonly platform: NodeJS.Platform },
): Secrets {
  const { file, platform } = options
  let state: DesktopView['keyStore'] = { state: 'empty', message: null }

  /** One line, or null when there is a store that protects what is put into it. */
  async function whyRefused(): Promise<string | null> {
    if (platform === 'linux') {
      const backend = safeStorage.getSelectedStorageBackend()
      if (backend === 'basic_text' || backend === 'unknown') {
        return `This desktop offers no key store (${backend}), so the key would lie open on the disk: start GNOME Keyring or KWallet, or set OPENAI_API_KEY in the environment.`
      }
    }
    return (await safeStorage.isAsyncEncryptionAvailable())
      ? null
      : 'The system\u2019s key store is locked or missing: set OPENAI_API_KEY in the environment.'
  }

  function refused(message: string): Result<never> {
    state = { state: 'refused', message }
    return { ok: false, failure: { code: 'keystore', message } }
  }

  return {
    view: () => state,

    async read() {
      const why = await whyRefused()
      if (why !== null) {
        refused(why)
        return ''
      }
      const encrypted = await readFile(file).catch(() => null)
      if (encrypted === null) return ''
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(encrypted)
        state = { state: 'stored', message: null }
        // The store has a new or better key of its own since.
        if (shouldReEncrypt) await replace(file, await safeStorage.encryptStringAsync(result))
        return result
      } catch {
        // The message of the failure may hold what was decrypted so far: it is not passed on.
        state = {
          state: 'empty',
          message: 'The stored key cannot be read any more (another user or key store): enter it again.',
        }
        return ''
      }
    },

    async write(key) {
      try {
        if (key === '') {
          await rm(file, { force: true })
          if (state.state === 'stored') state = { state: 'empty', message: null }
          return { ok: true, value: null }
        }
        const why = await whyRefused()
        if (why !== null) return refused(why)
        await replace(file, await safeStorage.encryptStringAsync(key))
        state = { state: 'stored', message: null }
        return { ok: true, value: null }
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'refused'
        return { ok: false, failure: { code: 'io', message: `The key was not stored (${code}).` } }
      }
    },
  }
}

async function replace(file: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, bytes, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}
