// Updates of an installed app through electron-updater: only from where the build says, only on the channel that was chosen.
import type { DesktopPreferences } from '../../preload/contract.ts'

/** The part of electron-updater that is used. */
export interface UpdaterPort {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  channel: string | null
  allowDowngrade: boolean
  logger: unknown
  checkForUpdates(): Promise<unknown>
  on(event: 'update-available' | 'update-downloaded', listener: (info: { readonly version: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface Updates {
  /** One line for the settings, or null. */
  line(): string | null
  apply(channel: DesktopPreferences['updates']): void
  close(): void
}

export interface UpdatesOptions {
  readonly isPackaged: boolean
  /** Whether this build says where its updates come from (`app-update.yml` in its resources). */
  readonly hasSource: boolean
  /** electron-updater takes its time to load: only when it is wanted. */
  load(): Promise<UpdaterPort>
}

const CHECK_MS = 6 * 3_600_000

export function setupUpdates({ isPackaged, hasSource, load }: UpdatesOptions): Updates {
  let line: string | null = null
  let chosen: DesktopPreferences['updates'] = 'off'
  let loading: Promise<UpdaterPort> | null = null
  let timer: NodeJS.Timeout | undefined

  async function prepare(): Promise<UpdaterPort> {
    const updater = await load()
    updater.autoDownload = true
    updater.autoInstallOnAppQuit = true
    // Its own log would go to standard output.
    updater.logger = null
    updater.on('update-available', ({ version }) => (line = `Version ${version} is being fetched.`))
    updater.on('update-downloaded', ({ version }) => (line = `Version ${version} is installed when you quit.`))
    updater.on('error', (error) => (line = `Looking for updates failed: ${error.message.split('\n', 1)[0] ?? ''}`))
    return updater
  }

  async function check(): Promise<void> {
    loading ??= prepare()
    const updater = await loading
    if (chosen === 'off') return
    updater.channel = chosen
    // Setting a channel permits going back to an older version, which nobody asked for.
    updater.allowDowngrade = false
    // Failures come as an event as well, which is where they are told.
    await updater.checkForUpdates().catch(() => null)
  }

  return {
    line: () => line,
    apply(channel) {
      if (channel === chosen) return
      chosen = channel
      clearInterval(timer)
      line = null
      if (channel === 'off') return
      if (!isPackaged || !hasSource) {
        line = 'This build does not say where its updates come from, so none are looked for.'
        return
      }
      void check()
      timer = setInterval(() => void check(), CHECK_MS)
    },
    close: () => clearInterval(timer),
  }
}
