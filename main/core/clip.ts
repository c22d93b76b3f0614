// Cuts long lines for the prompt without leaving half a word, which could be half a secret that no pattern recognises.

/** Stands at the end of a line that is shown in part. */
export const CLIPPED = '⟨line continues⟩'

/** The line itself when it has at most `longest` UTF-16 units; otherwise what comes before the word that the cut falls into. */
export function clipLine(line: string, longest: number): string {
  if (line.length <= longest) return line
  // Only white space and these separators surely end a word of any key, address or password in quotes.
  const head = line.slice(0, longest).replace(/[^\s"'`;,(){}<>]{1,}$/, '')
  return `${head}${CLIPPED}`
}
