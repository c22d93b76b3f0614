// The lag of a stream's last token: from its byte at the server to its paint in the window.
import { inTurn } from './pairs.ts'
import { tidy } from './product.ts'
import type { Bench, Figures } from './row.ts'
import { lastToken, type LastToken } from './stands.ts'
import { openStage } from './streams.ts'

export const LAST_TOKEN_FLOOR = 'bare xterm written on arrival, behind a bare relay'

/** `rate` in tokens per second; 0: unbounded. `figureOf`: what is wanted of a sample. */
export async function measureLastToken(
  bench: Bench,
  rate: number,
  tokens: number,
  figureOf: (sample: LastToken) => number = ({ lag }) => lag,
): Promise<Omit<Figures, 'notes'> & { readonly sent: readonly number[] }> {
  const { shop, bare, floor, window } = await openStage(bench, 'xterm')
  const sent: number[] = []
  const samples = await inTurn(
    bench,
    async () => {
      const sample = await lastToken(shop, rate, tokens)
      sent.push(sample.sent)
      await tidy(window)
      return figureOf(sample)
    },
    async () => {
      const sample = await lastToken(bare, rate, tokens)
      sent.push(sample.sent)
      await floor.ask('stop', null)
      return figureOf(sample)
    },
  )
  return { ...samples, sent }
}

/** The row's figures at a fixed rate. */
export async function measureLag(bench: Bench, rate: number, tokens: number): Promise<Figures> {
  const { sent, ...samples } = await measureLastToken(bench, rate, tokens)
  const slowest = Math.max(...sent) / ((tokens / rate) * 1000)
  return { ...samples, notes: [`the slowest stream took ${slowest.toFixed(2)} × its schedule to be sent`] }
}
