// A suggestion's way from the save to the disk as bars: what took how long, and whose time it was; and what it cost.
import type { Trace, Usage } from '../preload/contract.ts'
import { usageLine } from './amounts.ts'
import { duration, waterfall, type Step } from './trace.ts'

const OWNERS: Readonly<Record<Step['whose'], string>> = {
  ours: 'Slipstream',
  model: 'model and network',
  policy: 'on purpose',
}

export function Waterfall({ trace, usage }: { readonly trace: Trace; readonly usage: Usage | null }) {
  const phases = waterfall(trace)
  const owners = new Set(phases.flatMap(({ steps }) => steps.map(({ whose }) => whose)))
  const { done, firstToken, output } = trace
  const streamedMs = firstToken === null || done === null ? 0 : done - firstToken
  const rate = output === null || output < 2 || streamedMs <= 0 ? null : (output / streamedMs) * 1000
  return (
    <section className="waterfall" data-testid="waterfall" aria-label="Where the time went">
      {phases.map(({ name, length, steps }) => (
        <table key={name}>
          <caption>
            {name}: {duration(length)}
          </caption>
          <tbody>
            {steps.map((step) => (
              <tr key={step.name}>
                <th scope="row">{step.name}</th>
                <td className="waterfall-way">
                  <Bar step={step} length={length} />
                </td>
                <td className="waterfall-time">
                  {duration(step.to - step.from)}
                  <span className="unseen">, {OWNERS[step.whose]}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      <p className="waterfall-owners" aria-hidden="true">
        {[...owners].map((whose) => (
          <span key={whose}>
            <i className={`waterfall-bar waterfall-${whose}`} /> {OWNERS[whose]}
          </span>
        ))}
      </p>
      {trace.overhead === null ? null : (
        <p data-testid="overhead">
          Slipstream{'\u2019'}s own work per token: {duration(trace.overhead)}
        </p>
      )}
      {usage === null ? null : (
        <p className="usage" data-testid="usage">
          {usageLine(usage, rate)}
        </p>
      )}
    </section>
  )
}

function Bar({ step, length }: { readonly step: Step; readonly length: number }) {
  const share = (ms: number): string => `${length === 0 ? 0 : (ms / length) * 100}%`
  return (
    <i
      className={`waterfall-bar waterfall-${step.whose}`}
      aria-hidden="true"
      style={{ marginInlineStart: share(step.from), inlineSize: share(step.to - step.from) }}
    />
  )
}
