// The global hotkeys: registers the chords of the preferences, and says of each what is known about it.
import type { DesktopPreferences, HotkeyView } from '../../preload/contract.ts'
import type { Electron } from './electron.ts'

export type HotkeyName = HotkeyView['name']

export interface Hotkeys {
  views(): readonly HotkeyView[]
  /** Registers what has changed. */
  apply(chords: DesktopPreferences['hotkeys']): void
  close(): void
}

interface HotkeysOptions {
  readonly wayland: boolean
  readonly actions: Readonly<Record<HotkeyName, () => void>>
}

interface Held {
  readonly chord: string
  status: HotkeyView['status']
  message: string | null
}

const NAMES: readonly HotkeyName[] = ['interrupt', 'toggle']
const MODIFIERS = /^(?:command|cmd|control|ctrl|commandorcontrol|cmdorctrl|alt|option|altgr|super|meta)$/i
/** What is worth a try when the system does not hand chords out. */
const FALLBACK: Readonly<Record<HotkeyName, string>> = {
  interrupt: 'bind `slipstream interrupt` in your desktop\u2019s or editor\u2019s own shortcuts',
  toggle: 'bind `slipstream PATH`, which shows the window, in your desktop\u2019s own shortcuts',
}

/** For `--enable-features`, before the app is ready: on Wayland chords come through the desktop's portal. */
export const PORTAL_FEATURE = 'GlobalShortcutsPortal'

/** Only the last `--enable-features` counts, so what was said already is said again. */
export function enablePortal({ commandLine }: Pick<Electron['app'], 'commandLine'>): void {
  const features = commandLine.getSwitchValue('enable-features').split(',').filter(Boolean)
  if (!features.includes(PORTAL_FEATURE)) {
    commandLine.appendSwitch('enable-features', [...features, PORTAL_FEATURE].join(','))
  }
}

export function setupHotkeys({ globalShortcut }: Pick<Electron, 'globalShortcut'>, options: HotkeysOptions): Hotkeys {
  const held = new Map<HotkeyName, Held>()

  function hold(name: HotkeyName, chord: string): Held {
    if (chord === '') return { chord, status: 'off', message: null }
    if (!isModified(chord)) {
      const message = 'a global chord needs Ctrl, Alt, Cmd or Super in it: a bare key belongs to your editor'
      return { chord, status: 'refused', message }
    }
    const other = [...held.values()].find((one) => one.chord.toLowerCase() === chord.toLowerCase())
    if (other !== undefined) return { chord, status: 'refused', message: 'another of the chords here is the same' }
    const one: Held = { chord, status: 'unproven', message: null }
    let taken: boolean
    try {
      taken = globalShortcut.register(chord, () => {
        // Only this proves that the system hands it out.
        one.status = 'registered'
        one.message = null
        options.actions[name]()
      })
    } catch {
      return { chord, status: 'refused', message: 'this is no chord that Electron knows' }
    }
    if (!taken)
      return { chord, status: 'refused', message: `another program has it: choose another, or ${FALLBACK[name]}` }
    one.message = options.wayland
      ? `your desktop may ask you to allow it; press it once to prove it, else ${FALLBACK[name]}`
      : 'press it once to prove it'
    return one
  }

  function release(name: HotkeyName): void {
    const one = held.get(name)
    if (one?.status === 'registered' || one?.status === 'unproven') globalShortcut.unregister(one.chord)
    held.delete(name)
  }

  return {
    views() {
      return [...held].map(([name, { chord, status, message }]) => ({ name, chord, status, message }))
    },
    apply(chords) {
      const changed = NAMES.filter(
        (name) => held.get(name)?.chord !== chords[name] || held.get(name)?.status === 'refused',
      )
      // All are released first: two chords may have changed places.
      for (const name of changed) release(name)
      for (const name of changed) held.set(name, hold(name, chords[name]))
    },
    close() {
      for (const name of NAMES) release(name)
    },
  }
}

function isModified(chord: string): boolean {
  const keys = chord.split('+').map((key) => key.trim())
  return keys.length > 1 && keys.slice(0, -1).some((key) => MODIFIERS.test(key))
}
