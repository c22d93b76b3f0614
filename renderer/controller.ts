// What the window does: takes in what the engine tells, keeps the focus, and sends what the person decides.
import type { CallName, Calls, EventBatch, Failure, HunkReference, Result } from '../preload/contract.ts'
import type { Stop } from '../preload/wire.ts'
import { createCell, type Cell } from './cell.ts'
import { createDecisions, type Decision } from './decisions.ts'
import {
  cardInFocus,
  createFocus,
  hunkKey,
  focusWindow,
  move,
  observe,
  stop,
  take,
  toggleFold,
  type Focus,
  type World,
} from './focus.ts'
import { isClosed } from './beyond.ts'
import { wholeOf } from './groups.ts'
import { createErrands, type Errands } from './errands.ts'
import { createInterrupts } from './interrupt.ts'
import {
  BURST_MS,
  createKeyboard,
  decides,
  dueKeys,
  focusKeyboard,
  pressKey,
  type HeldKey,
  type KeyAction,
  type KeyPress,
} from './keys.ts'
import type { Link } from './link.ts'
import { createReshaping, type Reshaping } from './reshaping.ts'
import { createStore, type LinkState, type Store } from './store.ts'
import { createTraces, type Traces } from './traces.ts'
import { createTranscripts, type Transcripts } from './transcripts.ts'
import { createWhys, type Whys } from './whys.ts'

/** What the controller needs from the page. */
export interface Surroundings {
  /** Monotonic ms. */
  now(): number
  after(ms: number, run: () => void): Stop
  /** The card that has a button under the pointer, or null. */
  pointerOn(): string | null
  windowFocused(): boolean
  /** Whether the hunk in focus is open to be edited or picked from: then it is not to be decided by a key. */
  reshaping(): boolean
  /** Whether the row of the hunk in focus is on the screen. */
  inSight(): boolean
  /** Puts a text into the clipboard; false when it cannot be reached. */
  copy(text: string): Promise<boolean>
}

/** What only the page can do with a key: fields, dialogs and scrolling belong to it. */
export type PageAction =
  'nudge' | 'ask' | 'when' | 'conventions' | 'help' | 'leave' | 'reveal' | 'edit' | 'pick' | 'seen'

export interface Word {
  readonly text: string
  readonly at: number
}

export interface Controller {
  readonly store: Store
  readonly transcripts: Transcripts
  readonly traces: Traces
  /** Edit, pick lines, place, ask again. */
  readonly reshaping: Reshaping
  /** Copy, open, undo, redo. */
  readonly errands: Errands
  readonly whys: Whys
  readonly focus: Cell<Focus>
  /** The card that the keys to steer, look and go on are about. */
  readonly steered: Cell<string | null>
  /** Hunks whose decision is on its way, by `hunkKey`. */
  readonly deciding: Cell<ReadonlySet<string>>
  /** The newest word to the person: what was refused, or what was done. */
  readonly word: Cell<Word | null>
  onWindowFocus(focused: boolean): void
  /** A key went down; true when the browser has nothing to do with it any more. `onPage` gets what only the page can do. */
  onKey(key: Pick<KeyPress, 'key' | 'modified' | 'repeat' | 'where'>, onPage: (action: PageAction) => void): boolean
  /** The person put the hand on a card, and on one of its hunks or null. */
  take(suggestion: string, hunk: string | null): void
  fold(): void
  /** Shows what goes beyond what was asked, and lets it be accepted. */
  unfold(...hunks: readonly HunkReference[]): void
  accept(hunks: readonly HunkReference[]): void
  reject(hunks: readonly HunkReference[]): void
  /** By button: exactly this one. */
  stop(suggestion: string): void
  /** True when it was taken; otherwise the word says why not, and the text is worth keeping. */
  nudge(suggestion: string, text: string): Promise<boolean>
  ask(text: string, place: string | null): Promise<boolean>
  continue(suggestion: string): void
  deeper(suggestion: string): void
  retry(suggestion: string): void
  dismiss(suggestion: string): void
  pause(paused: boolean): void
  consent(endpoint: string, allow: boolean): void
  painted(suggestion: string, lag: number): void
  /** When the first hunk of a suggestion came, in ms; null when it was there before this window, or when this was asked already. */
  takeHunkArrival(suggestion: string): number | null
  /** Any other question to the engine. */
  call<N extends CallName>(name: N, values: Calls[N]['arguments']): Promise<Result<Calls[N]['value']>>
  reconnect(): void
  say(text: string): void
  close(): void
}

/** `openLink` is given the controller's ears; it is called once. */
export function createController(
  surroundings: Surroundings,
  openLink: (events: { onState(state: LinkState): void; onBatch(batch: EventBatch): void }) => Link,
): Controller {
  const { now } = surroundings
  const store = createStore()
  const transcripts = createTranscripts()
  const traces = createTraces()
  const focus = createCell(createFocus(surroundings.windowFocused(), now()))
  const steered = createCell<string | null>(null)
  const word = createCell<Word | null>(null)
  const decisions = createDecisions({
    store,
    send: (decision, hunks) => link.call(decision, { hunks }),
    onChange: look,
  })
  const { deciding } = decisions
  const hunkArrivals = new Map<string, number>()
  let keyboard = createKeyboard(now())
  const meant = new WeakMap<HeldKey, readonly HunkReference[]>()
  let stopTimer: Stop = () => {}
  let reportedHand = ''

  function world(): World {
    return { suggestions: store.suggestions(), deciding: deciding.get() }
  }

  function say(text: string): void {
    word.set({ text, at: now() })
  }

  function refuse(failure: Failure): void {
    if (failure.code !== 'cancelled') say(failure.message)
  }

  function look(): void {
    focus.set(observe(focus.get(), world(), now(), surroundings.pointerOn()))
    aim()
  }

  function reportHand(): void {
    if (store.link() !== 'online') return
    const { hunk, suggestion, windowFocused } = focus.get()
    const hand = { hunk, suggestion, focused: windowFocused }
    const text = JSON.stringify(hand)
    if (text === reportedHand) return
    reportedHand = text
    void link.call('hand', hand)
  }

  async function decide(decision: Decision, hunks: readonly HunkReference[]): Promise<void> {
    const said = await decisions.decide(decision, hunks)
    if (said !== null) say(said)
  }

  /** Sends what has no answer of interest but its failure. */
  async function send<N extends CallName>(name: N, values: Calls[N]['arguments']): Promise<boolean> {
    const result = await link.call(name, values)
    if (!result.ok) refuse(result.failure)
    return result.ok
  }

  async function resume<N extends 'nudge' | 'continue'>(
    name: N,
    suggestion: string,
    values: Calls[N]['arguments'],
  ): Promise<boolean> {
    const taken = await send(name, values)
    if (taken) transcripts.thaw(suggestion)
    return taken
  }

  function aim(): void {
    steered.set(cardInFocus(focus.get(), world()))
  }

  /** The hand stays where it is; the words that follow are for what was stopped. */
  function stopped(suggestion: string | null): void {
    if (suggestion !== null) focus.set(stop(focus.get(), suggestion))
  }

  /** The hunks that a key decides about, as they are painted now. */
  function meantBy({ action, target }: HeldKey): readonly HunkReference[] {
    if (target === null) return []
    const view = store.suggestion(target.suggestion)
    if (view === null || (action !== 'acceptFile' && action !== 'acceptCard')) return [target]
    const whole = wholeOf(view, target.hunk, action === 'acceptFile' ? 'file' : 'card')
    return whole.filter(({ suggestion, hunk }) => !deciding.get().has(hunkKey(suggestion, hunk)))
  }

  function runHeld(held: HeldKey): void {
    const { target, suggestion } = held
    switch (held.action) {
      case 'accept':
      case 'acceptFile':
      case 'acceptCard':
      case 'reject':
        void decide(held.action === 'reject' ? 'reject' : 'accept', meant.get(held) ?? [])
        return
      case 'undo':
        errands.undo()
        return
      case 'redo':
        errands.redo(null)
        return
      case 'copy':
        if (target !== null) errands.copy(target)
        return
      case 'open':
        if (target !== null) errands.open(target)
        return
      case 'why':
        if (target === null) return
        takeHunk(target.suggestion, target.hunk)
        whys.ask(target)
        return
      case 'continue':
        if (suggestion !== null) void resume('continue', suggestion, { suggestion })
        return
      case 'deeper':
        if (suggestion === null) return
        // What comes of it stands beneath what is being read.
        if (suggestion === focus.get().suggestion) takeHunk(suggestion, null)
        void send('deeper', { suggestion })
        return
      default:
        throw new Error(`no held key does ${held.action}`)
    }
  }

  /** A hunk that goes beyond what was asked is shown for once: only then can it be accepted. */
  function unfold(...hunks: readonly HunkReference[]): void {
    say(
      hunks.length > 1
        ? `Unfolded ${hunks.length}: look at them, then accept them.`
        : 'Unfolded: this goes beyond what you asked. Accept it once more to write it.',
    )
    if (focus.get().folded) focus.set(toggleFold(focus.get()))
    for (const hunk of hunks) void send('unfold', { hunk })
  }

  /** False when the hunk in focus is none such. */
  function unfoldInFocus(): boolean {
    const { hunk } = focus.get()
    const view = hunk && store.suggestion(hunk.suggestion)?.hunks.find((one) => one.id === hunk.hunk)
    if (hunk === null || !view || view.state !== 'pending' || !isClosed(view)) return false
    unfold(hunk)
    return true
  }

  function scheduleHeld(): void {
    stopTimer()
    const next = keyboard.held[0]
    if (next === undefined) return
    stopTimer = surroundings.after(Math.max(0, next.at + BURST_MS - now()) + 1, () => {
      const { keyboard: left, due } = dueKeys(keyboard, now())
      keyboard = left
      for (const held of due) runHeld(held)
      scheduleHeld()
    })
  }

  function runNow(action: KeyAction, onPage: (action: PageAction) => void): void {
    switch (action) {
      case 'interrupt':
        stopped(interrupts.press())
        return
      case 'leave':
        if (interrupts.running().length > 0) stopped(interrupts.press())
        onPage('leave')
        return
      case 'next':
      case 'previous':
        focus.set(move(focus.get(), world(), action === 'next' ? 1 : -1, now()))
        onPage('reveal')
        return
      case 'fold':
        if (!unfoldInFocus()) focus.set(toggleFold(focus.get()))
        return
      case 'unfold':
        unfoldInFocus()
        return
      case 'reveal':
        onPage('reveal')
        return
      case 'edit':
      case 'pick':
        if (unfoldInFocus()) return
        if (focus.get().folded) focus.set(toggleFold(focus.get()))
        onPage(action)
        return
      case 'nudge':
      case 'ask':
      case 'seen':
      case 'when':
      case 'conventions':
      case 'help':
        onPage(action)
        return
      default:
        throw new Error(`${action} is held first`)
    }
  }

  const ears = {
    onState(state: LinkState): void {
      if (state === 'online') reportedHand = ''
      store.setLink(state)
      reportHand()
    },
    onBatch(batch: EventBatch): void {
      const at = now()
      for (const view of batch.suggestions) transcripts.follow(view)
      for (const delta of batch.text) transcripts.receive(delta, batch.first ? null : at)
      if (!batch.first && batch.project === null && batch.suggestions.length === 0 && batch.removed.length === 0) return
      decisions.settle(batch.suggestions, batch.removed)
      const former = batch.first ? store.ids() : []
      for (const { id, hunks } of batch.first ? [] : batch.suggestions) {
        if (hunks.length > 0 && (store.suggestion(id)?.hunks.length ?? 0) === 0) hunkArrivals.set(id, at)
      }
      store.apply(batch, at)
      traces.record(batch.suggestions)
      for (const id of [...batch.removed, ...former]) {
        if (store.suggestion(id) !== null) continue
        transcripts.remove(id)
        hunkArrivals.delete(id)
      }
      look()
    },
  }
  const link = openLink(ears)
  const stopReporting = focus.subscribe(reportHand)
  const stopAiming = focus.subscribe(aim)
  const nudge = (suggestion: string, text: string): Promise<boolean> =>
    resume('nudge', suggestion, { suggestion, text })
  const ask = (text: string, place: string | null): Promise<boolean> => send('ask', { text, place })
  const takeHunk = (suggestion: string, hunk: string | null): void =>
    focus.set(take(focus.get(), world(), suggestion, hunk, now()))
  const call: Link['call'] = (name, values) => link.call(name, values)
  const interrupts = createInterrupts({
    store,
    transcripts,
    now,
    send: (suggestion) => link.call('interrupt', { suggestion }),
    refuse,
  })
  const errands = createErrands({ store, call, copy: (text) => surroundings.copy(text), say, refuse })
  const whys = createWhys({ call: (hunk, signal) => link.call('why', { hunk }, signal), refuse })
  const reshaping = createReshaping({
    store,
    call,
    after: (ms, run) => surroundings.after(ms, run),
    say,
    take: takeHunk,
    accept: (hunks) => decide('accept', hunks),
    nudge,
    ask,
  })

  return {
    store,
    transcripts,
    traces,
    reshaping,
    errands,
    whys,
    focus,
    steered,
    deciding,
    word,

    onWindowFocus(focused) {
      if (focused) {
        keyboard = focusKeyboard(keyboard, now())
        // Whoever looks here wants to know now.
        if (store.link() === 'offline') link.retry()
      }
      focus.set(focusWindow(focus.get(), focused, now()))
    },

    onKey(key, onPage) {
      const { hunk, changedAt } = focus.get()
      const card =
        hunk === null ? undefined : store.suggestion(hunk.suggestion)?.hunks.find((one) => one.id === hunk.hunk)
      const busy = surroundings.reshaping()
      const outcome = pressKey(keyboard, {
        ...key,
        at: now(),
        target: card?.state === 'pending' && !busy ? hunk : null,
        inFocus: card === undefined ? null : hunk,
        targetChangedAt: changedAt,
        targetClosed: card !== undefined && isClosed(card),
        inSight: surroundings.inSight(),
        suggestion: steered.get(),
      })
      const fresh = outcome.keyboard.held.length > keyboard.held.length ? outcome.keyboard.held.at(-1) : undefined
      keyboard = outcome.keyboard
      if (outcome.run !== null) runNow(outcome.run, onPage)
      for (const held of outcome.cancelled.toReversed()) {
        const { target } = held
        if (target === null || !decides(held)) continue
        decisions.mark(meant.get(held) ?? [], false)
        focus.set(take(focus.get(), world(), target.suggestion, target.hunk, now()))
      }
      if (fresh?.target && decides(fresh)) {
        // The focus goes on at once; the hunk itself waits until the key is certain.
        focus.set(take(focus.get(), world(), fresh.target.suggestion, fresh.target.hunk, now()))
        const hunks = meantBy(fresh)
        meant.set(fresh, hunks)
        decisions.mark(hunks, true)
        onPage('reveal')
      }
      if (outcome.word !== null) say(busy ? 'Save or leave what is open first.' : outcome.word)
      scheduleHeld()
      return outcome.taken
    },

    take: takeHunk,
    fold() {
      if (!unfoldInFocus()) focus.set(toggleFold(focus.get()))
    },
    unfold,
    accept: (hunks) => void decide('accept', hunks),
    reject: (hunks) => void decide('reject', hunks),
    stop(suggestion) {
      interrupts.stop(suggestion)
      stopped(suggestion)
    },
    nudge,
    ask,
    continue: (suggestion) => void resume('continue', suggestion, { suggestion }),
    deeper: (suggestion) => void send('deeper', { suggestion }),
    retry: (suggestion) => void send('retry', { suggestion }),
    dismiss: (suggestion) => void send('dismiss', { suggestion }),
    pause: (paused) => void send('pause', { paused }),
    consent: (endpoint, allow) => void send('consent', { endpoint, allow }),
    painted: (suggestion, lag) => void link.call('painted', { suggestion, lag }),
    takeHunkArrival(suggestion) {
      const at = hunkArrivals.get(suggestion) ?? null
      hunkArrivals.delete(suggestion)
      return at
    },
    call,
    reconnect: () => link.retry(),
    say,
    close() {
      stopTimer()
      stopReporting()
      stopAiming()
      whys.close()
      link.close()
    },
  }
}
