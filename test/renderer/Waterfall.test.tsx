// Where the time went, as the card shows it; and words that come back into the nudge field.
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createController } from '../../renderer/controller.ts'
import { WindowContext } from '../../renderer/hooks.ts'
import { NudgeField } from '../../renderer/NudgeField.tsx'
import { Waterfall } from '../../renderer/Waterfall.tsx'
import { NO_TRACE } from './views.ts'

describe('the waterfall', () => {
  const trace = { ...NO_TRACE, saved: 0, stable: 2, sent: 4, headers: 8, firstToken: 10, done: 510, policyWait: 0 }

  it('says of every step how long it took and whose time it was, not by colour alone', () => {
    const markup = renderToStaticMarkup(<Waterfall trace={trace} usage={null} />)
    expect(markup).toContain('content stable')
    expect(markup).toContain(', Slipstream')
    expect(markup).toContain(', model and network')
    expect(markup).not.toContain('data-testid="usage"')
  })

  it('tells what Slipstream itself did for each token, once that is known', () => {
    expect(renderToStaticMarkup(<Waterfall trace={trace} usage={null} />)).not.toContain('data-testid="overhead"')
    const markup = renderToStaticMarkup(<Waterfall trace={{ ...trace, overhead: 0.0123 }} usage={null} />)
    expect(markup).toContain('own work per token: 12 \u00b5s')
  })

  it('tells the tokens and their rate', () => {
    const usage = { input: 10, output: 100, cached: 0, cost: null, estimated: false }
    const markup = renderToStaticMarkup(<Waterfall trace={{ ...trace, output: 100 }} usage={usage} />)
    expect(markup).toContain('100 out \u00b7 200 tokens/s')
  })

  it('tells the rate of the last reply, not of all that went before', () => {
    const usage = { input: 10, output: 900, cached: 0, cost: null, estimated: false }
    const markup = renderToStaticMarkup(<Waterfall trace={{ ...trace, output: 100 }} usage={usage} />)
    expect(markup).toContain('900 out \u00b7 200 tokens/s')
    expect(renderToStaticMarkup(<Waterfall trace={trace} usage={usage} />)).not.toContain('tokens/s')
  })
})

describe('the nudge field', () => {
  function fieldWith(returned: readonly string[]): string {
    const link = { call: () => new Promise<never>(() => {}), retry: () => {}, close: () => {} }
    const controller = createController(
      {
        now: () => 0,
        after: () => () => {},
        pointerOn: () => null,
        windowFocused: () => true,
        reshaping: () => false,
        inSight: () => true,
        copy: () => Promise.resolve(true),
      },
      () => link,
    )
    const screens = { borrow: () => expect.fail('no stream here'), close: () => {} }
    return renderToStaticMarkup(
      <WindowContext value={{ controller, screens }}>
        <NudgeField suggestion="s" path="a.ts" returned={returned} />
      </WindowContext>,
    )
  }

  it('offers words that did not take effect', () => {
    expect(fieldWith(['use a Map'])).toContain('value="use a Map"')
  })

  it('offers several of them as one line', () => {
    expect(fieldWith(['use a Map', 'no\n  class'])).toContain('value="use a Map; no class"')
  })
})
