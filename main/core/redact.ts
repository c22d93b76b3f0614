// Keeps secrets out of requests: replaces them by placeholders that survive a model's copying, and puts them back into replies.
import { findAssignments } from './redact/assignments.ts'
import { findEncoded, findJoined } from './redact/disguised.ts'
import { findKeyBlocks, findKeyLines } from './redact/key-block.ts'
import { findRandom } from './redact/random.ts'
import { findShapes } from './redact/shape-search.ts'
import { mergeSpans, type SecretSpan } from './redact/span.ts'

export { keyLinesOf } from './redact/key-block.ts'
export { isSecretPath } from './redact/secret-path.ts'

export interface Withheld {
  /** For people: "GitHub token", "password". */
  readonly kind: string
  /** Different secrets of this kind; a key block counts once. */
  readonly count: number
}

/**
 * One per suggestion: all its requests share the placeholders, and so do the replies to them. Stateful, but a function of
 * the calls made on it: the same texts in the same order give the same placeholders.
 */
export interface Redactor {
  /** Finds secrets without giving anything out, so that their bare values are known when other texts are redacted. */
  learn(text: string): void
  /** Values of secrets that may come in texts which do not show what betrayed them (see `bareSecretsOf`). */
  learnBare(values: readonly string[]): void
  /** Lines of key blocks (see `keyLinesOf`) that may come in excerpts which show neither beginning nor end of the block. */
  learnKeyLines(lines: readonly string[]): void
  /**
   * The text with every secret replaced. Keeps the number of lines. The same secret gives the same placeholder. Text that
   * happens to have a placeholder's form is replaced as well, so that `restore(redact(text)) === text` for every text.
   */
  redact(text: string): string
  /** The same for what a model has answered: the placeholders in it are its own copies, and stay. */
  redactReply(text: string): string
  /** Puts the secrets back. A placeholder that was never given out stays as it is. */
  restore(text: string): string
  /** Placeholders in a text of another redactor: their numbers will not be given out by this one. */
  reserve(text: string): void
  /** What was replaced so far, by kind. */
  withheld(): readonly Withheld[]
}

const PREFIX = 'SLIPSTREAM_SECRET_'
const PLACEHOLDER = /SLIPSTREAM_SECRET_\d+/g
/** What is left of a placeholder that a model has altered. */
const REMNANT = /SLIPSTREAM[_ -]?SECRET\w*/gi
/** Values this short are also ordinary words: they are replaced only where their name betrays them. */
const SHORTEST_BARE = 8
/** So many bare values are looked for everywhere; with more the time would grow with their number. */
const MOST_BARE = 256
const LITERAL = 'literal'

interface Secret {
  readonly value: string
  readonly placeholder: string
  readonly kind: string
  readonly block: string | null
  readonly number: number
}

/** The placeholders in the text, in order, repeats included; by their form, whether given out or not. */
export function placeholdersIn(text: string): readonly string[] {
  return text.match(PLACEHOLDER) ?? []
}

/** Placeholders and what a model may have made of them, in order, repeats included. */
export function remnantsIn(text: string): readonly string[] {
  return text.match(REMNANT) ?? []
}

/**
 * Whether a hunk leaves the secrets alone: the placeholders in the removed lines and in the added ones are the same, each as
 * often. A hunk that adds, alters or drops one must be refused. Give the lines as the model wrote them, before `restore`.
 */
export function hunkKeepsSecrets(oldLines: readonly string[], newLines: readonly string[]): boolean {
  const remnants = (lines: readonly string[]): string => remnantsIn(lines.join('\n')).toSorted().join('\n')
  return remnants(oldLines) === remnants(newLines)
}

export function createRedactor(): Redactor {
  const byValue = new Map<string, Secret>()
  const byPlaceholder = new Map<string, Secret>()
  const bare = new Set<string>()
  const keyLines = new Set<string>()
  const given = new Set<Secret>()
  const reserved = new Set<string>()
  let number = 0

  function secretFor(value: string, span: SecretSpan): Secret {
    const known = byValue.get(value)
    if (known !== undefined) return known
    do number += 1
    while (reserved.has(`${PREFIX}${number}`))
    const secret = { value, placeholder: `${PREFIX}${number}`, kind: span.kind, block: span.block, number }
    byValue.set(value, secret)
    byPlaceholder.set(secret.placeholder, secret)
    return secret
  }

  function note(text: string, spans: readonly SecretSpan[]): void {
    for (const span of spans) {
      const value = text.slice(span.start, span.end)
      if (span.bare && value.length >= SHORTEST_BARE && bare.size < MOST_BARE) bare.add(value)
      if (span.block !== null) keyLines.add(value)
    }
  }

  /** `literals`: whether text of a placeholder's form is foreign, and replaced, or the model's copy of ours. */
  function replace(text: string, literals: boolean): string {
    const found = findSecrets(text)
    note(text, found)
    const spans = [...found, ...findKeyLines(text, keyLines), ...occurrences(text, bare)]
    const forms = [...text.matchAll(PLACEHOLDER)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      kind: LITERAL,
      block: null,
      bare: false,
    }))
    // A copied placeholder in an assignment (`password = "SLIPSTREAM_SECRET_1"`) is no new secret.
    const wanted = literals ? [...spans, ...forms] : spans.filter((span) => !forms.some((form) => overlap(span, form)))
    let result = ''
    let at = 0
    for (const span of mergeSpans(text, wanted)) {
      const secret = secretFor(text.slice(span.start, span.end), span)
      given.add(secret)
      result += text.slice(at, span.start) + secret.placeholder
      at = span.end
    }
    return result + text.slice(at)
  }

  return {
    learn(text) {
      note(text, findSecrets(text))
    },
    learnBare(values) {
      for (const value of values) if (bare.size < MOST_BARE) bare.add(value)
    },
    learnKeyLines(lines) {
      for (const line of lines) keyLines.add(line)
    },
    redact: (text) => replace(text, true),
    redactReply: (text) => replace(text, false),
    restore(text) {
      return text.replace(PLACEHOLDER, (placeholder) => byPlaceholder.get(placeholder)?.value ?? placeholder)
    },
    reserve(text) {
      for (const placeholder of placeholdersIn(text)) {
        if (!byPlaceholder.has(placeholder)) reserved.add(placeholder)
      }
    },
    withheld() {
      const kinds = new Map<string, Set<string>>()
      for (const { kind, block, number } of given) {
        if (kind === LITERAL) continue
        const secrets = kinds.get(kind) ?? new Set()
        secrets.add(block ?? `secret ${number}`)
        kinds.set(kind, secrets)
      }
      return [...kinds].map(([kind, secrets]) => ({ kind, count: secrets.size }))
    },
  }
}

/** The secrets of a text that are betrayed by what stands around them alone, and can be recognised nowhere else. */
export function bareSecretsOf(text: string): readonly string[] {
  return findPlain(text).flatMap((span) => {
    const value = text.slice(span.start, span.end)
    return span.bare && value.length >= SHORTEST_BARE ? [value] : []
  })
}

function findSecrets(text: string): readonly SecretSpan[] {
  return [
    ...findPlain(text),
    ...findKeyBlocks(text),
    ...findRandom(text),
    ...findJoined(text, findShapes),
    ...findEncoded(text, (inner) => [...findPlain(inner), ...findKeyBlocks(inner)]),
  ]
}

function findPlain(text: string): readonly SecretSpan[] {
  return [...findShapes(text), ...findAssignments(text)]
}

function overlap(one: SecretSpan, other: SecretSpan): boolean {
  return one.start < other.end && other.start < one.end
}

/** Where values whose context once betrayed them stand without it; as whole words only. */
function occurrences(text: string, values: ReadonlySet<string>): readonly SecretSpan[] {
  const spans: SecretSpan[] = []
  for (const value of values) {
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + value.length)) {
      const end = start + value.length
      const whole =
        !/\w\w/.test(text.charAt(start - 1) + value.charAt(0)) && !/\w\w/.test(value.at(-1) + text.charAt(end))
      if (whole) spans.push({ start, end, kind: 'password', block: null, bare: true })
    }
  }
  return spans
}
