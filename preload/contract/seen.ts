// What was sent to a model, part by part.

/** A part of a request, as a person can be shown it. The parts of a request are all that is in it. */
export interface SeenPart {
  /** For people: "instructions", "region", "recent edits", "what the model had said". */
  readonly name: string
  /** The file it is from, and its lines (1-based, end exclusive); null where it is from none. */
  readonly path: string | null
  readonly start: number | null
  readonly end: number | null
  /** About how many tokens it is. */
  readonly tokens: number
  readonly text: string
  /** The endpoint had it already from the response that this one goes on from: it was not sent again. */
  readonly known: boolean
}

/** What was handed to a connection. */
export interface SeenRequest {
  /** `steer`: words said into a running reply. `warm-up`: prepares a connection and is answered by nothing. */
  readonly kind: 'request' | 'steer' | 'warm-up'
  /** Epoch ms; null where it was not noted (warm-ups). */
  readonly at: number | null
  readonly endpoint: string
  readonly transport: 'http' | 'websocket'
  readonly model: string
  /** False in a dry run: it went nowhere. */
  readonly sent: boolean
  /** Bytes of `body` in UTF-8. */
  readonly bytes: number
  /** About how many tokens were sent. */
  readonly tokens: number
  readonly parts: readonly SeenPart[]
  /** What was sent, to the last byte. */
  readonly body: string
}

/** Something that was kept back, and why. */
export interface WithheldView {
  readonly what: string
  readonly why: string
}

export interface SeenView {
  /** Oldest first. */
  readonly requests: readonly SeenRequest[]
  readonly withheld: readonly WithheldView[]
  /** One line where there is nothing to show, or not all of it; else null. */
  readonly note: string | null
}
