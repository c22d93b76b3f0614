// J7: the explanation on the card, on prose that was written to break it: at most two sentences and 240 characters, and none cut short.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shortExplanation } from '../../../main/core/explanation.ts'
import type { Judgement } from './judgement.ts'

const FILE = fileURLToPath(new URL('../../fixtures/judgement/explanations.txt', import.meta.url))
const MOST = 240

export interface ProseCase {
  readonly prose: string
  /** Its sentences as a person counts them; chatter is no part of them. Empty where the prose has no marks. */
  readonly sentences: readonly string[]
  readonly silent: boolean
}

export function readProse(): readonly ProseCase[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '.concat('One')) && !line.startsWith('# `-`'))
    .map((line) => {
      const silent = line.startsWith('0 ')
      const written = (silent ? line.slice(2) : line)
        .replaceAll('\\n', '\n')
        .replaceAll('\\t', '\t')
        .replaceAll('\\u0000', '\u0000')
        .replaceAll(/\{(\d+)×([^}]*)\}/g, (_, count: string, text: string) => text.repeat(Number(count)))
      const marked = written.includes('¦')
      const sentences = marked
        ? written
            .split('¦')
            .filter((text) => text.trim() !== '' && !text.trim().startsWith('-Su') && !/^\s*-\S/.test(text))
        : []
      const prose = written.replaceAll(/(^|¦\s*)-(?=\S)/g, '$1').replaceAll('¦', '')
      return { prose, sentences, silent }
    })
}

/** What is wrong with what the card shows of this prose; null when nothing is. */
export function faultOf({ prose, sentences, silent }: ProseCase): string | null {
  const { short } = shortExplanation(prose.split('\n'))
  if (short.length > MOST) return `${short.length} characters`
  if (short.includes('\n')) return 'more than one line'
  if (silent) return short === '' ? null : `shows "${short.slice(0, 40)}"`
  if (short === '') return 'shows nothing'
  if (sentences.length === 0) return null
  const shown = letters(short)
  const begun = sentences.filter((text) => shown.includes(letters(text).slice(0, 12)))
  if (begun.length > 2) return `${begun.length} sentences`
  const last = begun.at(-1)
  const isWhole = short.endsWith('…') || (last !== undefined && shown.endsWith(letters(last).slice(-12)))
  return isWhole ? null : `ends within a sentence: "${short.slice(-40)}"`
}

/** Without markup, blanks and signs: what remains of a sentence however it was set. */
function letters(text: string): string {
  return text.replaceAll(/\]\([^)]*\)|^\s*\d+[.)]\s/g, '').replaceAll(/[^\p{L}\p{N}]/gu, '')
}

export const explanations: Judgement = {
  id: 'J7',
  what: 'explanation on the card: at most 2 sentences and 240 characters',
  async run() {
    const cases = readProse()
    const faults = cases.flatMap((one) => {
      const fault = faultOf(one)
      return fault === null ? [] : [`${fault}: ${one.prose.slice(0, 60)}`]
    })
    return {
      checks: [
        {
          what: `of ${cases.length} explanations, too long or cut short`,
          value: String(faults.length),
          met: faults.length === 0,
        },
      ],
      notes: faults,
    }
  },
}
