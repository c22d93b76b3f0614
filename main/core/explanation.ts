// The one or two sentences of a reply's prose that a card shows, without the chatter and the markup that models add.

export interface Explanation {
  /** At most two sentences and 240 UTF-16 units; empty when nothing worth showing was said. */
  readonly short: string
  /** All of the prose as it came, when it says more than `short`; otherwise null. */
  readonly rest: string | null
}

const LONGEST = 240
const MOST_SENTENCES = 2
/** What stands beyond this cannot reach the card. */
const LONGEST_READ = 20_000

/** Abbreviations after which a sentence goes on, in lower case and without their last point. */
const ABBREVIATIONS = new Set(
  'e.g i.e eg ie cf vs viz ca approx resp incl excl no nr fig eq sec ch vol p pp mr mrs ms dr prof st jr sr inc ltd co dept est max min al'.split(
    ' ',
  ),
)
const INTERJECTION =
  /^(?:sure(?: thing)?|certainly|of course|absolutely|definitely|okay|ok|alright|all right|great|perfect|excellent|got it|understood|no problem|good (?:question|catch|idea|point)|happy to help|i'?d be happy to help|thanks|thank you|you'?re right|you'?re welcome|great question|right)\b(?:\s*[,:;—–-]+\s*|\s*[.!]+\s*|$)/i
const ANNOUNCEMENT =
  /^(?:here(?:'s|’s| is| are| you go| goes)|below (?:is|are|you)|the following (?:is|patch|diff|change|edit|code)|see|i(?:'ve| have) (?:provided|attached|included|written)|let me|i(?:'ll| will) (?:now )?(?:provide|show|give))\b.{0,160}\b(?:patch|diff|changes?|edits?|code|version|suggestion|implementation|fix(?:es)?|update|solution|it|answer)\b[^.!?]{0,60}[:.!]*$/i
const CLOSING =
  /^(?:let me know\b|hope (?:this|that|it) helps|i hope (?:this|that|it) helps|feel free\b|if you(?:'d| would| have| need| want)\b.{0,160}\b(?:let me know|question|further|anything)|please let me know|happy coding|cheers\b|this should (?:work|do it|fix it)\W*$|that'?s it\W*$|done\W*$)/i

/**
 * `lines` are a reply's prose, line by line, as the parser gives them. Sentences survive abbreviations ("e.g."), calls
 * (`foo.bar()`), version numbers and ellipses. What is longer than the card holds is cut at a word, with an ellipsis.
 */
export function shortExplanation(lines: readonly string[]): Explanation {
  const paragraphs = paragraphsOf(lines)
  const all = paragraphs
    .flatMap(sentencesOf)
    .map(withoutInterjection)
    .filter((sentence) => !isChatter(sentence))
  // "Here is the fix for the empty cart." still says something where nothing else does.
  const informative = all.filter((sentence) => !ANNOUNCEMENT.test(sentence))
  const worth = informative.length > 0 ? informative : all.filter((sentence) => sentence.split(' ').length > 5)
  const short = shortOf(worth)
  const whole = lines.join('\n').trim()
  const more = short.length < worth.join(' ').length
  return { short, rest: more && whole !== '' ? whole : null }
}

function shortOf(sentences: readonly string[]): string {
  for (let count = Math.min(MOST_SENTENCES, sentences.length); count > 0; count -= 1) {
    const short = sentences.slice(0, count).join(' ')
    if (short.length <= LONGEST) return short
  }
  const first = sentences[0] ?? ''
  if (first === '') return ''
  const cut = first.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')
  const word = cut.replace(/\s+\S*$/, '')
  return `${word.length >= LONGEST / 2 ? word : cut}…`
}

/** Plain text, one string for what a blank line, a heading or a list separates. */
function paragraphsOf(lines: readonly string[]): readonly string[] {
  const paragraphs: string[][] = [[]]
  const headings: string[] = []
  let units = 0
  for (const raw of lines) {
    if (units > LONGEST_READ) break
    units += raw.length
    const line = raw
      .slice(0, LONGEST_READ)
      .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, visible)
      .trim()
    if (/^(?:`{3,}|~{3,})/.test(line) || /^(?:[-*_=]\s*){3,}$/.test(line)) {
      paragraphs.push([])
    } else if (/^#{1,6}(?:\s|$)/.test(line)) {
      headings.push(line.replace(/^#+\s*|\s*#+$/g, ''))
      paragraphs.push([])
    } else if (line === '') {
      paragraphs.push([])
    } else if (/^(?:[-*+•]|\d{1,2}[.)])\s+/.test(line)) {
      paragraphs.push([line.replace(/^(?:[-*+•]|\d{1,2}[.)])\s+/, '')])
    } else {
      paragraphs.at(-1)?.push(line.replace(/^>\s?/, ''))
    }
  }
  const said = paragraphs.map((paragraph) => withoutMarkup(paragraph.join(' '))).filter((text) => text !== '')
  // A heading only names what follows: it counts where nothing does.
  return said.length > 0 ? said : headings.map(withoutMarkup).filter((text) => text !== '')
}

/** Control and direction characters do not belong on a card; tabs separate words, and emoji keep their joiners. */
function visible(character: string): string {
  if (character === '\u200d') return character
  return character.length === 1 && character <= '\u001f' ? ' ' : ''
}

function withoutMarkup(text: string): string {
  return text
    .replace(/\*\*(?=\S)([^*]{0,400}?\S)\*\*/g, '$1')
    .replace(/(?<![\w*])\*(?=[^\s*])([^*]{1,400}?[^\s*]|[^\s*])\*(?![\w*])/g, '$1')
    .replace(/\[([^\]\n]{1,200})\]\([^)\s]{1,400}\)/g, '$1')
    .replace(/`{3,}\w*/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A sentence ends at `.`, `!`, `?` or `…` before a blank, unless that belongs to an abbreviation, a name in code or goes on in lower case. */
function sentencesOf(paragraph: string): readonly string[] {
  const code = codeSpans(paragraph)
  const sentences: string[] = []
  let start = 0
  for (const match of paragraph.matchAll(/[.!?…。！？]+["'”’)\]»*_`]*/g)) {
    const end = match.index + match[0].length
    if (end <= start || code.some((span) => match.index >= span.start && match.index < span.end)) continue
    const wide = /[。！？]/.test(match[0])
    const next = paragraph.slice(end, end + 3)
    if (!wide && !/^\s|^$/.test(next)) continue
    if (!wide && next !== '' && !endsSentence(paragraph.slice(start, match.index), match[0], next.trimStart())) continue
    sentences.push(paragraph.slice(start, end).trim())
    start = end
  }
  const last = paragraph.slice(start).trim()
  return last === '' ? sentences : [...sentences, last]
}

function endsSentence(before: string, mark: string, next: string): boolean {
  if (/^\p{Ll}/u.test(next) && (mark.startsWith('.') || mark.startsWith('…'))) return false
  if (!mark.startsWith('.') || mark.startsWith('..')) return true
  const word = (/\S+$/.exec(before.slice(-40))?.[0] ?? '').replace(/^["'“‘(`[]+/, '').toLowerCase()
  if (ABBREVIATIONS.has(word)) return false
  return !isInitial(before, next)
}

/** `J. Smith`, `Donald E. Knuth`, `z. B.`: a letter alone, but not one that stands for a value or a unit (`in 5 s.`). */
function isInitial(before: string, next: string): boolean {
  const letter = /(?:(?<former>\S+)\s+)?(?<letter>\p{L})$/u.exec(before.slice(-60))
  const groups = letter?.groups
  if (groups === undefined || /[\p{L}\p{N}]$/u.test(before.slice(0, -1))) return false
  if (/^\p{Ll}/u.test(groups.letter ?? '')) return /^\p{L}\./u.test(next)
  if (groups.letter === 'I') return false
  return groups.former === undefined || /^["'(]*\p{Lu}/u.test(groups.former)
}

interface CodeSpan {
  readonly start: number
  readonly end: number
}

/** `…` in a line; a backtick without partner is no code. */
function codeSpans(text: string): readonly CodeSpan[] {
  const spans: CodeSpan[] = []
  for (const match of text.matchAll(/(`+)[^`]{1,300}\1/g))
    spans.push({ start: match.index, end: match.index + match[0].length })
  return spans
}

function withoutInterjection(sentence: string): string {
  const rest = sentence.replace(INTERJECTION, '').trim()
  return rest === sentence ? rest : rest.charAt(0).toUpperCase() + rest.slice(1)
}

function isChatter(sentence: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(sentence) || CLOSING.test(sentence)) return true
  return sentence.endsWith(':') && ANNOUNCEMENT.test(sentence)
}
