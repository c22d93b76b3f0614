// Long texts that cross to a worker again and again: each crosses once, and is named after that.

/** Of the last few. Both ends keep the same ones, because both see them in the same order. */
const MOST = 6
/** In UTF-16 units; a shorter text costs less to copy than to look for. */
const LONG = 16_384

/** A text of a question's input: by the field it stands in, its name, and at the first time itself. */
export interface NamedText {
  readonly field: string
  readonly id: number
  readonly text?: string
}

export interface Packed {
  /** Without the long texts. */
  readonly input: object
  readonly texts: readonly NamedText[]
  /** To be called once it was sent: only then does the other end know these texts. */
  sent(): void
}

/** The sending end: takes the long texts out of an input's own fields. */
export class TextSender {
  private kept: readonly { readonly id: number; readonly text: string }[] = []
  private lastId = 0

  pack(input: object): Packed {
    const light: Record<string, unknown> = {}
    const texts: NamedText[] = []
    let { kept, lastId } = this
    for (const [field, value] of Object.entries(input)) {
      if (typeof value !== 'string' || value.length < LONG) {
        light[field] = value
        continue
      }
      const known = kept.find(({ text }) => text === value)
      const id = known?.id ?? (lastId += 1)
      texts.push(known === undefined ? { field, id, text: value } : { field, id })
      kept = [...kept.filter((entry) => entry.id !== id), { id, text: value }].slice(-MOST)
    }
    return {
      input: light,
      texts,
      sent: () => {
        this.kept = kept
        this.lastId = lastId
      },
    }
  }
}

/** The receiving end. */
export class TextReceiver {
  private readonly kept = new Map<number, string>()

  /** The text by this name. One that was never sent is a bug, and throws. */
  take({ field, id, text }: NamedText): string {
    const known = text ?? this.kept.get(id)
    if (known === undefined) throw new Error(`the text of ${field} was never sent`)
    this.kept.delete(id)
    this.kept.set(id, known)
    const [oldest] = this.kept.keys()
    if (this.kept.size > MOST && oldest !== undefined) this.kept.delete(oldest)
    return known
  }
}
