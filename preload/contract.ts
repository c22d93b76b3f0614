// The wire: all that the window (or the CLI) may ask of the engine, and what the engine tells it. Imports nothing but its own nouns.
import type { ConventionsView } from './contract/conventions.ts'
import type { MuteView, ProjectView, Trigger, WhenView } from './contract/project.ts'
import type { SeenView } from './contract/seen.ts'
import type { DesktopPreferences, DesktopView, SettingsView } from './contract/settings.ts'
import type { HunkReference, Place, SuggestionView, TextDelta } from './contract/suggestion.ts'

export type * from './contract/conventions.ts'
export type * from './contract/project.ts'
export type * from './contract/result.ts'
export type * from './contract/seen.ts'
export type * from './contract/settings.ts'
export type * from './contract/suggestion.ts'

/** What changed since the last batch. The first batch of a stream carries everything. */
export interface EventBatch {
  readonly first: boolean
  readonly project: ProjectView | null
  /** New or changed suggestions, whole. */
  readonly suggestions: readonly SuggestionView[]
  readonly removed: readonly string[]
  readonly text: readonly TextDelta[]
}

export interface StatusView {
  readonly project: ProjectView
  readonly streaming: number
  readonly pending: number
  readonly suggestions: readonly SuggestionView[]
}

/** Questions with one answer each: `arguments` in, `value` of a Result out. */
export interface Calls {
  accept: { arguments: { readonly hunks: readonly HunkReference[] }; value: { readonly places: readonly Place[] } }
  reject: { arguments: { readonly hunks: readonly HunkReference[] }; value: { readonly places: readonly Place[] } }
  /** Without `suggestion`: the one painted last; a second time within a second: all. Answers how many were stopped. */
  interrupt: { arguments: { readonly suggestion: string | null }; value: { readonly stopped: readonly string[] } }
  /** Without `suggestion`: the one painted last. */
  nudge: {
    arguments: { readonly suggestion: string | null; readonly text: string }
    value: { readonly suggestion: string }
  }
  continue: { arguments: { readonly suggestion: string | null }; value: { readonly suggestion: string } }
  retry: { arguments: { readonly suggestion: string }; value: { readonly suggestion: string } }
  deeper: { arguments: { readonly suggestion: string }; value: { readonly suggestion: string } }
  /** Takes a suggestion without pending hunks out of the list. */
  dismiss: { arguments: { readonly suggestion: string }; value: { readonly suggestion: string } }
  /** `place` is `FILE` or `FILE:LINE`; null: the last changed region. */
  ask: {
    arguments: { readonly text: string; readonly place: string | null }
    value: { readonly suggestion: string }
  }
  /** Everything that was sent for a suggestion, and what was withheld. */
  seen: { arguments: { readonly suggestion: string }; value: SeenView }
  /** The request that `ask` would send, without sending it. */
  preview: { arguments: { readonly text: string; readonly place: string | null }; value: SeenView }
  /** Takes the last write back. */
  undo: { arguments: Record<never, never>; value: { readonly places: readonly Place[] } }
  /** Takes the named write back. */
  takeBack: { arguments: { readonly apply: string }; value: { readonly places: readonly Place[] } }
  /** Writes again what was taken back: the named one, or the one undone last. */
  redo: { arguments: { readonly apply: string | null }; value: { readonly places: readonly Place[] } }
  /** Other lines for a pending hunk, before it is accepted. */
  edit: {
    arguments: { readonly hunk: HunkReference; readonly lines: readonly string[] }
    value: { readonly hunk: string }
  }
  /**
   * Parts a pending hunk in two: the picked changed lines become a hunk of their own, the others stay. Indices count the
   * lines that go, then the lines that come.
   */
  split: {
    arguments: { readonly hunk: HunkReference; readonly picked: readonly number[] }
    value: { readonly hunk: string }
  }
  /** Puts an unplaced hunk at one of its candidates. */
  place: {
    arguments: { readonly hunk: HunkReference; readonly line: number }
    value: { readonly hunk: string }
  }
  /** A person wants to see a hunk that goes beyond what was asked: from then on it can be accepted. */
  unfold: { arguments: { readonly hunk: HunkReference }; value: { readonly hunk: string } }
  /** Why this hunk: asks its model for two sentences, or answers what was answered before. */
  why: { arguments: { readonly hunk: HunkReference }; value: { readonly text: string } }
  conventions: { arguments: Record<never, never>; value: ConventionsView }
  /** Approves a proposed rule, in these words or (null) its own, or drops it; an approved one can be dropped too. */
  conventionDecide: {
    arguments: { readonly key: string; readonly decision: 'approve' | 'drop'; readonly words: string | null }
    value: ConventionsView
  }
  /** Opens the file in the person's editor. */
  open: { arguments: { readonly path: string; readonly line: number }; value: null }
  /** For editors' keymaps: the hunk in focus, else the newest pending one, or the named one. */
  decide: {
    arguments: { readonly id: string | null; readonly decision: 'accept' | 'reject' }
    value: { readonly places: readonly Place[] }
  }
  status: { arguments: Record<never, never>; value: StatusView }
  /** What the person has in hand, and whether the window has the focus. */
  hand: {
    arguments: { readonly hunk: HunkReference | null; readonly suggestion: string | null; readonly focused: boolean }
    value: null
  }
  /** The first token of a suggestion's stream is on screen; `lag` is ms since its message arrived in the window. */
  painted: { arguments: { readonly suggestion: string; readonly lag: number }; value: null }
  settings: { arguments: Record<never, never>; value: SettingsView }
  configure: { arguments: { readonly settings: SettingsView }; value: SettingsView }
  /** A key for this session only; empty: forget it. */
  key: { arguments: { readonly key: string }; value: null }
  consent: { arguments: { readonly endpoint: string; readonly allow: boolean }; value: null }
  pause: { arguments: { readonly paused: boolean }; value: null }
  /** When this project asks by itself. */
  trigger: { arguments: { readonly trigger: Trigger; readonly pauseMs: number }; value: WhenView }
  /** Keeps something quiet. */
  mute: { arguments: { readonly mute: MuteView }; value: WhenView }
  /** Takes one mute back; null: all of them. */
  unmute: { arguments: { readonly mute: Pick<MuteView, 'kind' | 'name'> | null }; value: WhenView }
  /** Forgets the rejects that make saves wait. */
  resetWait: { arguments: Record<never, never>; value: WhenView }
  /** The three below belong to the desktop shell; other hosts answer with the failure `host`. */
  desktop: { arguments: Record<never, never>; value: DesktopView }
  desktopConfigure: { arguments: { readonly preferences: DesktopPreferences }; value: DesktopView }
  /** Keeps a key in the system's key store and uses it from now on; empty: takes it out of there. Never answered back. */
  desktopKey: { arguments: { readonly key: string }; value: DesktopView }
}

/** Questions with many answers, until cancelled. */
export interface Streams {
  events: { arguments: Record<never, never>; item: EventBatch }
}

export type CallName = keyof Calls

export type StreamName = keyof Streams
