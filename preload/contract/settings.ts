// What can be chosen: for every project, and about the desktop window.
import type { ProviderKind } from './project.ts'

export interface SettingsView {
  readonly provider: 'auto' | ProviderKind
  /** Empty: the provider's own address. */
  readonly baseUrl: string
  /** Empty: the first of the preference list that the endpoint offers. */
  readonly model: string
  readonly deepModel: string
  /** Patterns in the syntax of .gitignore, in addition to the ignore files. */
  readonly excludes: readonly string[]
  readonly maxFileBytes: number
  /** Tokens an hour after which nothing more is asked by itself; 0: no budget. */
  readonly hourlyTokens: number
  /**
   * How to open a file in the editor: words of a command, with `{file}` and `{line}`; empty: the first known editor that is
   * found. It is never given to a shell.
   */
  readonly editor: string
}

/** A chord that works everywhere on the desktop; see `DesktopView`. */
export interface HotkeyView {
  readonly name: 'interrupt' | 'toggle'
  /** In Electron's words ("CommandOrControl+Shift+Escape"); empty: none. */
  readonly chord: string
  /**
   * `registered`: it has fired in this run, so it works. `unproven`: the system took it, which proves nothing until it
   * fires. `refused`: the system, or this program, did not take it. `off`: there is no chord.
   */
  readonly status: 'registered' | 'unproven' | 'refused' | 'off'
  /** One line: why it is refused or unproven, and what helps; null when there is nothing to say. */
  readonly message: string | null
}

/** What can be chosen about the desktop window. */
export interface DesktopPreferences {
  /** Edge of the screen at which the window docks. */
  readonly side: 'left' | 'right'
  readonly alwaysOnTop: boolean
  /** Only a strip: what streams, and how much is to review. */
  readonly compact: boolean
  /** Tell when something waits while the window is hidden. */
  readonly notifications: boolean
  /** Which updates are looked for; `off`: none, and nothing is asked of any server. */
  readonly updates: 'off' | 'latest' | 'beta'
  readonly hotkeys: { readonly interrupt: string; readonly toggle: string }
}

/** The desktop shell as it stands; a browser host has none. */
export interface DesktopView {
  readonly preferences: DesktopPreferences
  readonly hotkeys: readonly HotkeyView[]
  /** Why the window cannot be put or kept where it is wanted (Wayland), one line; null: it can. */
  readonly placement: string | null
  /** The key in the system's own key store. `refused`: there is none that protects anything; `message` says why. */
  readonly keyStore: { readonly state: 'empty' | 'stored' | 'refused'; readonly message: string | null }
  /** One line about updates, or null. */
  readonly updates: string | null
  /** What is wrong with the stored preferences, one line, or null. */
  readonly fault: string | null
}
