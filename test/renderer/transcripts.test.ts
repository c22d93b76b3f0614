// Text on its way from the engine to the screen.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTranscripts, type TranscriptView } from '../../renderer/transcripts.ts'
import { NO_TRACE, suggestionView } from './views.ts'

/** A view that only remembers what it shows. */
function screen(): TranscriptView & { shown: string; restarts: number } {
  const view = {
    shown: '',
    restarts: 0,
    write(text: string) {
      view.shown += text
    },
    restart(text: string) {
      view.shown = text
      view.restarts += 1
    },
  }
  return view
}

const streaming = suggestionView('a', 1, { state: 'streaming' })
const interrupted = suggestionView('a', 1, { state: 'interrupted' })

function open() {
  const transcripts = createTranscripts()
  const view = screen()
  transcripts.attach('a', view)
  let sent = 0
  const send = (text: string, now: number | null = 0): void => {
    transcripts.receive({ suggestion: 'a', from: sent, text }, now)
    sent += text.length
  }
  return { transcripts, view, send }
}

describe('transcripts', () => {
  it('paints text at once', () => {
    const { view, send } = open()
    send('Hello')
    expect(view.shown).toBe('Hello')
  })

  it('gives a view that comes later everything that is there', () => {
    const { transcripts, send } = open()
    send('Hello')
    const late = screen()
    transcripts.attach('a', late)
    expect(late.shown).toBe('Hello')
  })

  it('paints nothing more after a stop, and keeps what still comes', () => {
    const { transcripts, view, send } = open()
    send('Hello')
    transcripts.freeze(['a'])
    send(' world')
    transcripts.follow(streaming)
    transcripts.follow(interrupted)
    send('!')
    expect(view.shown).toBe('Hello')
    expect(transcripts.text('a')).toBe('Hello world!')
  })

  it('goes on where it was when the stream goes on', () => {
    const { transcripts, view, send } = open()
    send('Hello')
    transcripts.freeze(['a'])
    transcripts.follow(interrupted)
    send(' world')
    transcripts.follow(streaming)
    expect(view.shown).toBe('Hello world')
  })

  it('shows everything when the stream had ended by itself before the stop', () => {
    const { transcripts, view, send } = open()
    send('Hello')
    transcripts.freeze(['a'])
    send(' world')
    transcripts.follow(suggestionView('a', 1))
    expect(view.shown).toBe('Hello world')
  })

  it('lets go when a nudge came in between unseen', () => {
    const { transcripts, view, send } = open()
    send('Hello')
    transcripts.freeze(['a'])
    transcripts.follow({ ...streaming, nudges: ['use a Map'] })
    send(' Map')
    expect(view.shown).toBe('Hello Map')
  })

  it('gives a view of a stopped stream only what was on the screen', () => {
    const { transcripts, send } = open()
    send('Hello')
    transcripts.freeze(['a'])
    send(' world')
    const late = screen()
    transcripts.attach('a', late)
    expect(late.shown).toBe('Hello')
  })

  it('does not paint anew what a new connection repeats', () => {
    const { transcripts, view, send } = open()
    send('Hello')
    transcripts.receive({ suggestion: 'a', from: 0, text: 'Hello world' }, null)
    expect(view).toMatchObject({ shown: 'Hello world', restarts: 1 })
  })

  it('starts anew at a gap and goes on from there', () => {
    const { transcripts, view, send } = open()
    send('Hello')
    transcripts.receive({ suggestion: 'a', from: 1000, text: 'tail' }, 0)
    transcripts.receive({ suggestion: 'a', from: 1004, text: ' end' }, 0)
    expect(view.shown).toBe('tail end')
  })

  it('tells the arrival of a first text once', () => {
    const { transcripts, send } = open()
    send('He', 100)
    send('llo', 200)
    expect([transcripts.takeArrival('a'), transcripts.takeArrival('a')]).toEqual([100, null])
  })

  it('tells it again for a stream that was nudged on', () => {
    const { transcripts, send } = open()
    transcripts.follow({ ...streaming, trace: { ...NO_TRACE, firstToken: 1 } })
    send('Hello', 100)
    transcripts.takeArrival('a')
    transcripts.follow({ ...streaming, nudges: ['x'], trace: NO_TRACE })
    send('again', 300)
    expect(transcripts.takeArrival('a')).toBe(300)
  })

  it('tells no arrival of text that is older than this window', () => {
    const { transcripts, send } = open()
    send('Hello', null)
    send(' world', 100)
    expect(transcripts.takeArrival('a')).toBeNull()
  })

  it('knows which one was painted last, stopped ones left out', () => {
    const { transcripts, send } = open()
    transcripts.receive({ suggestion: 'b', from: 0, text: 'x' }, 0)
    send('Hello')
    transcripts.freeze(['b'])
    transcripts.receive({ suggestion: 'b', from: 1, text: 'y' }, 0)
    expect(transcripts.paintedLast()).toBe('a')
  })

  it('shows the whole text in the end, wherever it was stopped and continued', () => {
    const steps = fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 5 }), fc.constantFrom(1, 2, 3)), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(steps, (all) => {
        const { transcripts, view, send } = open()
        let whole = ''
        for (const step of all) {
          if (typeof step === 'string') {
            send(step)
            whole += step
          } else if (step === 1) transcripts.freeze(['a'])
          else transcripts.follow(step === 2 ? interrupted : streaming)
          expect(whole.startsWith(view.shown)).toBe(true)
        }
        transcripts.thaw('a')
        expect(view.shown).toBe(whole)
      }),
    )
  })
})
