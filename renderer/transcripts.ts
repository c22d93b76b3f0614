// Everything the models said, by suggestion: kept outside React and handed to the terminal views on arrival.
import type { SuggestionView, TextDelta } from '../preload/contract.ts'
import type { Stop } from '../preload/wire.ts'

/** Where a transcript is painted. */
export interface TranscriptView {
  /** More text, at once. */
  write(text: string): void
  /** All of it anew. */
  restart(text: string): void
  /** Nothing that was handed over already is painted from now on, until `thaw`. */
  freeze?(): void
  thaw?(): void
}

export interface Transcripts {
  /** Text that has just arrived at `now` (ms of the window's clock); null: it is older than this window. */
  receive(delta: TextDelta, now: number | null): void
  /** Lets go what was frozen once the engine says that it streams again. To be called before the text of the same batch. */
  follow(view: SuggestionView): void
  text(suggestion: string): string
  /** Paints what is there, then what comes. Several views may show one transcript. */
  attach(suggestion: string, view: TranscriptView): Stop
  /** Nothing more is painted of these until `thaw`, or until they stop and stream again; what still comes is kept. */
  freeze(suggestions: readonly string[]): void
  thaw(suggestion: string): void
  /** The suggestion whose text was handed to the screen last. */
  paintedLast(): string | null
  /** When the first text of the present stream arrived; null when there was none, or when this was asked already. */
  takeArrival(suggestion: string): number | null
  remove(suggestion: string): void
}

interface Transcript {
  text: string
  /** The engine's offset of the text's first character: of a long transcript only the tail comes. */
  base: number
  /** How much of `text` the views have. */
  painted: number
  /** `expected`: a stream has begun and its first text has not come; a number: when it came; null: that is over. */
  arrival: 'expected' | number | null
  /** The engine's time of the stream's first token: another one tells another stream. */
  firstToken: number | null
  /** `held`: stopped by the person, the engine may not know yet; `stopped`: the engine has said so, too. */
  frozen: 'no' | 'held' | 'stopped'
  nudges: number
  readonly views: Set<TranscriptView>
}

export function createTranscripts(): Transcripts {
  const transcripts = new Map<string, Transcript>()
  let last: string | null = null

  function open(suggestion: string): Transcript {
    const existing = transcripts.get(suggestion)
    if (existing !== undefined) return existing
    const created: Transcript = {
      text: '',
      base: 0,
      painted: 0,
      arrival: 'expected',
      firstToken: null,
      frozen: 'no',
      nudges: 0,
      views: new Set(),
    }
    transcripts.set(suggestion, created)
    return created
  }

  function paint(transcript: Transcript): void {
    if (transcript.frozen !== 'no' || transcript.painted === transcript.text.length) return
    const text = transcript.text.slice(transcript.painted)
    transcript.painted = transcript.text.length
    for (const view of transcript.views) view.write(text)
  }

  function release(transcript: Transcript): void {
    transcript.frozen = 'no'
    for (const view of transcript.views) view.thaw?.()
    paint(transcript)
  }

  return {
    receive(delta, now) {
      const transcript = open(delta.suggestion)
      if (transcript.arrival === 'expected') transcript.arrival = now
      const at = delta.from - transcript.base
      if (at === transcript.text.length) {
        transcript.text += delta.text
      } else {
        // A gap or a new beginning: the same text once more (after a reconnect) is no reason to paint anew.
        const inside = at >= 0 && at < transcript.text.length
        const text = inside ? transcript.text.slice(0, at) + delta.text : delta.text
        const goesOn = inside && text.startsWith(transcript.text.slice(0, transcript.painted))
        transcript.text = text
        if (!inside) transcript.base = delta.from
        if (!goesOn) {
          const shown = transcript.frozen === 'no' ? text : ''
          transcript.painted = shown.length
          for (const view of transcript.views) view.restart(shown)
        }
      }
      if (transcript.frozen === 'no') last = delta.suggestion
      paint(transcript)
    },

    follow(view) {
      const transcript = transcripts.get(view.id)
      if (transcript === undefined) return
      const { firstToken, painted } = view.trace
      if (painted === null && firstToken !== transcript.firstToken && typeof transcript.arrival !== 'number') {
        transcript.arrival = 'expected'
      }
      transcript.firstToken = firstToken
      const nudged = view.nudges.length > transcript.nudges
      transcript.nudges = view.nudges.length
      if (transcript.frozen === 'no') return
      const runs = view.state === 'streaming' || view.state === 'waiting'
      if (view.state === 'interrupted') transcript.frozen = 'stopped'
      // Any other end came by itself, before the stop: what it said is wanted whole.
      else if (!runs || transcript.frozen === 'stopped' || nudged) release(transcript)
    },

    text: (suggestion) => transcripts.get(suggestion)?.text ?? '',

    attach(suggestion, view) {
      const transcript = open(suggestion)
      transcript.views.add(view)
      // A frozen transcript shows only what was on the screen when it was stopped.
      if (transcript.frozen === 'no') transcript.painted = transcript.text.length
      view.restart(transcript.text.slice(0, transcript.painted))
      return () => transcript.views.delete(view)
    },

    freeze(suggestions) {
      for (const suggestion of suggestions) {
        const transcript = open(suggestion)
        if (transcript.frozen !== 'no') continue
        transcript.frozen = 'held'
        for (const view of transcript.views) view.freeze?.()
      }
    },

    thaw(suggestion) {
      const transcript = transcripts.get(suggestion)
      if (transcript !== undefined) release(transcript)
    },

    paintedLast: () => last,

    takeArrival(suggestion) {
      const transcript = transcripts.get(suggestion)
      if (transcript === undefined || typeof transcript.arrival !== 'number') return null
      const at = transcript.arrival
      transcript.arrival = null
      return at
    },

    remove(suggestion) {
      transcripts.delete(suggestion)
      if (last === suggestion) last = null
    },
  }
}
