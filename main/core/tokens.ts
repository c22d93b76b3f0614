// About how many tokens a text is to a model, without any model's dictionary (which would be 30 MB, and another one a vendor).

/** The pieces that byte-pair tokenizers split code at before they look anything up: words, capitals, digits, blanks, signs. */
const PIECE = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|\s+|[^\sA-Za-z\d]+/g
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
  for (const [piece] of text.matchAll(PIECE)) sum += weightOf(piece)
  return Math.ceil(sum * CALIBRATION)
}

function weightOf(piece: string): number {
  const code = piece.charCodeAt(0)
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
  if (isLetter) return piece.length <= WORD ? 1 : 1 + (piece.length - WORD) / 5
  if (code >= 48 && code <= 57) return Math.ceil(piece.length / 3)
  // A single blank belongs to the word behind it, and a run of white space is one token.
  if (/\s/.test(piece)) return piece === ' ' ? 0 : 1
  return code > 127 ? piece.length * 0.8 : Math.ceil(piece.length / 2.5)
}
