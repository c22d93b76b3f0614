// About how many tokens a text is to a model, without any model's dictionary (which would be 30 MB, and another one a vendor).

/** Letters of a word that is one token; each five more are one more. */
const WORD = 6
/**
 * Measured against o200k_base on 770 files (TypeScript, JavaScript, Python, Perl, C, JSON, Markdown): the sum below is 1.11
 * times the true count in the median; with this factor 90 % of the files are within ±11 %.
 */
const CALIBRATION = 0.9

/** To be shown with an "about"; linear in the text's length. */
export function tokensOf(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length;) {
    const end = pieceEnd(text, at)
    sum += weightOf(text, at, end)
    at = end
  }
  return Math.ceil(sum * CALIBRATION)
}

const LOWER = 1
const UPPER = 2
const DIGIT = 3
const BLANK = 4
const SIGN = 5

/**
 * The end of the piece that begins at `at`: byte-pair tokenizers split code at words, capitals, digits, blanks and signs before they
 * look anything up. The same as `/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|\s+|[^\sA-Za-z\d]+/`, in a third of the time: a request's context
 * is weighed line by line.
 */
function pieceEnd(text: string, at: number): number {
  const kind = kindOf(text.charCodeAt(at))
  let end = at + 1
  while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end += 1
  if (kind !== UPPER || end >= text.length || kindOf(text.charCodeAt(end)) !== LOWER) return end
  // The last capital begins the word behind it.
  return end - at > 1 ? end - 1 : pieceEnd(text, end)
}

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return LOWER
  if (code >= 65 && code <= 90) return UPPER
  if (code >= 48 && code <= 57) return DIGIT
  if (code === 32 || (code >= 9 && code <= 13)) return BLANK
  return code > 127 && /\s/.test(String.fromCharCode(code)) ? BLANK : SIGN
}

function weightOf(text: string, start: number, end: number): number {
  const length = end - start
  const code = text.charCodeAt(start)
  switch (kindOf(code)) {
    case LOWER:
    case UPPER:
      return length <= WORD ? 1 : 1 + (length - WORD) / 5
    case DIGIT:
      return Math.ceil(length / 3)
    case BLANK:
      // A single blank belongs to the word behind it, and a run of white space is one token.
      return length === 1 && code === 32 ? 0 : 1
    default:
      return code > 127 ? length * 0.8 : Math.ceil(length / 2.5)
  }
}
