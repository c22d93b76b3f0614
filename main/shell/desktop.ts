// The desktop's own answers to the window: preferences with the state of hotkeys, key store and updates.
import type { DesktopPreferences, DesktopView, Result } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'
import type { Hotkeys } from './hotkeys.ts'
import type { Preferences } from './preferences.ts'
import type { Secrets } from './secrets.ts'
import type { Updates } from './updates.ts'

export interface DesktopOptions {
  readonly preferences: Preferences
  readonly hotkeys: Hotkeys
  readonly secrets: Secrets
  readonly updates: Updates
  /** See `whyNotPlaced`. */
  readonly placement: string | null
  /** Hands a key to every engine. */
  useKey(key: string): Promise<void>
}

export interface Desktop {
  readonly calls: Pick<Handlers['calls'], 'desktop' | 'desktopConfigure' | 'desktopKey'>
  configure(changes: Partial<DesktopPreferences>): void
}

export function createDesktop(options: DesktopOptions): Desktop {
  const { preferences, hotkeys, secrets, updates } = options

  function view(): DesktopView {
    return {
      preferences: preferences.current().preferences,
      hotkeys: hotkeys.views(),
      placement: options.placement,
      keyStore: secrets.view(),
      updates: updates.line(),
      fault: preferences.fault(),
    }
  }

  function configure(changes: Partial<DesktopPreferences>): void {
    const before = preferences.current().preferences
    const after = { ...before, ...changes }
    // Another edge makes the places at the old one worthless.
    preferences.keep({ preferences: after, ...(after.side === before.side ? {} : { places: {} }) })
    hotkeys.apply(after.hotkeys)
    updates.apply(after.updates)
  }

  async function answer(): Promise<Result<DesktopView>> {
    return { ok: true, value: view() }
  }

  return {
    configure,
    calls: {
      desktop: answer,
      desktopConfigure(argument) {
        configure(argument.preferences)
        return answer()
      },
      async desktopKey({ key }) {
        const stored = await secrets.write(key)
        if (!stored.ok) return stored
        await options.useKey(key)
        return answer()
      },
    },
  }
}
