// What the window sends, and when: with an engine whose answers the test holds.
import { describe, expect, it } from 'vitest'
import type { CallName, Calls, EventBatch, Result } from '../../preload/contract.ts'
import { createController, type PageAction } from '../../renderer/controller.ts'
import type { Link, LinkEvents } from '../../renderer/link.ts'
import { batch, hunkView, suggestionView } from './views.ts'

interface Sent {
  readonly name: CallName
  readonly values: unknown
}

/** A window over an engine that answers with what `answers` holds, else with a plain yes. */
function open() {
  let time = 1000
  const timers: { readonly at: number; readonly run: () => void }[] = []
  const sent: Sent[] = []
  const refusals = new Map<CallName, string>()
  const heard: LinkEvents[] = []
  const copied: string[] = []
  let busy = false
  let inSight = true
  let stopped: readonly string[] = ['a']

  const values: { readonly [N in CallName]?: () => Calls[N]['value'] } = {
    accept: () => ({ places: [{ path: 'src/total.ts', line: 2 }] }),
    reject: () => ({ places: [{ path: 'src/total.ts', line: 2 }] }),
    undo: () => ({ places: [{ path: 'src/total.ts', line: 2 }] }),
    redo: () => ({ places: [{ path: 'src/total.ts', line: 2 }] }),
    takeBack: () => ({ places: [{ path: 'src/total.ts', line: 2 }] }),
    open: () => null,
    interrupt: () => ({ stopped }),
    nudge: () => ({ suggestion: 'a' }),
    continue: () => ({ suggestion: 'a' }),
    deeper: () => ({ suggestion: 'b' }),
    hand: () => null,
  }
  const link: Link = {
    call<N extends CallName>(name: N, given: Calls[N]['arguments']): Promise<Result<Calls[N]['value']>> {
      sent.push({ name, values: given })
      const refusal = refusals.get(name)
      const value = values[name]
      return Promise.resolve(
        refusal !== undefined || value === undefined
          ? { ok: false, failure: { code: 'refused', message: refusal ?? `${name} is not expected` } }
          : { ok: true, value: value() },
      )
    },
    retry() {},
    close() {},
  }
  const controller = createController(
    {
      now: () => time,
      after(ms, run) {
        const timer = { at: time + ms, run }
        timers.push(timer)
        return () => {
          if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1)
        }
      },
      pointerOn: () => null,
      windowFocused: () => true,
      reshaping: () => busy,
      inSight: () => inSight,
      copy(text) {
        copied.push(text)
        return Promise.resolve(true)
      },
    },
    (events) => {
      heard.push(events)
      return link
    },
  )
  const page: PageAction[] = []
  return {
    controller,
    page,
    copied,
    refusals,
    setInSight(on: boolean) {
      inSight = on
    },
    setBusy(on: boolean) {
      busy = on
    },
    setStopped(ids: readonly string[]) {
      stopped = ids
    },
    tell(changes: Partial<EventBatch>) {
      for (const events of heard) events.onBatch(batch(changes))
    },
    connect() {
      for (const events of heard) events.onState('online')
    },
    /** Lets `ms` pass, and what was due in them happen. */
    async pass(ms: number) {
      time += ms
      for (const timer of timers.filter(({ at }) => at <= time)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.run()
      }
      await new Promise((resolve) => setImmediate(resolve))
    },
    key(key: string, where: 'page' | 'button' | 'field' = 'page') {
      return controller.onKey({ key, modified: false, repeat: false, where }, (action) => page.push(action))
    },
    sent: (name: CallName) => sent.filter((one) => one.name === name).map((one) => one.values),
  }
}

const ready = suggestionView('a', 1, { hunks: [hunkView('1'), hunkView('2')] })
const streaming = suggestionView('a', 1, { state: 'streaming' })
const first = { suggestion: 'a', hunk: '1', hash: 'hash of 1' }

describe('the keys that steer', () => {
  it('are about what Esc has stopped, whatever is in hand', async () => {
    const desk = open()
    const running = suggestionView('b', 2, { state: 'streaming' })
    desk.tell({ suggestions: [ready, running] })
    desk.controller.take('a', '1')
    await desk.pass(600)
    expect(desk.controller.steered.get()).toBe('a')
    desk.key('Escape')
    expect(desk.controller.steered.get()).toBe('b')
    expect(desk.controller.focus.get().hunk?.hunk).toBe('1')
    desk.tell({ suggestions: [{ ...running, state: 'interrupted' }] })
    desk.key('c')
    await desk.pass(401)
    expect(desk.sent('continue')).toEqual([{ suggestion: 'b' }])
  })
})

describe('deciding by key', () => {
  it('sends the hunk that was painted when the key went down, and moves on at once', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.key('a')
    expect(desk.controller.focus.get().hunk?.hunk).toBe('2')
    expect(desk.sent('accept')).toEqual([])
    desk.tell({ suggestions: [{ ...ready, hunks: [hunkView('1', { hash: 'other' }), hunkView('2')] }] })
    await desk.pass(401)
    expect(desk.sent('accept')).toEqual([{ hunks: [first] }])
  })

  it('accepts all of its file by f and all of the card by A, as they were painted', async () => {
    const hunks = [hunkView('1'), hunkView('2'), hunkView('3', { path: 'src/tax.ts' })]
    const references = hunks.map(({ id, hash }) => ({ suggestion: ready.id, hunk: id, hash }))
    for (const [key, count] of [
      ['f', 2],
      ['A', 3],
    ] as const) {
      const desk = open()
      desk.tell({ suggestions: [{ ...ready, hunks }] })
      await desk.pass(600)
      desk.key(key)
      expect(desk.controller.deciding.get().size).toBe(count)
      desk.tell({ suggestions: [{ ...ready, hunks: hunks.map((hunk) => ({ ...hunk, hash: 'other' })) }] })
      await desk.pass(401)
      expect(desk.sent('accept')).toEqual([{ hunks: references.slice(0, count) }])
    }
  })

  it('leaves out of the whole what is being decided already', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.key('a')
    await desk.pass(350)
    desk.key('f')
    await desk.pass(1000)
    expect(desk.sent('accept')).toMatchObject([{ hunks: [{ hunk: '1' }] }, { hunks: [{ hunk: '2' }] }])
  })

  it('frees the whole file when the key was stray', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    for (const key of 'for') desk.key(key)
    await desk.pass(2000)
    expect(desk.sent('accept')).toEqual([])
    expect(desk.controller.deciding.get().size).toBe(0)
  })

  it('shows a hunk that is out of sight, and sends nothing', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.setInSight(false)
    desk.key('a')
    await desk.pass(1000)
    expect(desk.sent('accept')).toEqual([])
    expect(desk.page).toEqual(['reveal'])
    expect(desk.controller.word.get()?.text).toContain('out of sight')
  })

  it('sends nothing for stray typing, and puts the focus back', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    for (const key of 'are') desk.key(key)
    await desk.pass(2000)
    expect([...desk.sent('accept'), ...desk.sent('reject')]).toEqual([])
    expect(desk.controller.focus.get().hunk?.hunk).toBe('1')
    expect(desk.controller.deciding.get().size).toBe(0)
  })

  it('decides nothing within 500 ms of the window gaining focus', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.controller.onWindowFocus(false)
    desk.controller.onWindowFocus(true)
    await desk.pass(499)
    desk.key('a')
    await desk.pass(1000)
    expect(desk.sent('accept')).toEqual([])
  })

  it('refuses a hunk that has just come into focus, with a word', async () => {
    const desk = open()
    await desk.pass(600)
    desk.tell({ suggestions: [ready] })
    await desk.pass(299)
    desk.key('a')
    await desk.pass(1000)
    expect(desk.sent('accept')).toEqual([])
    expect(desk.controller.word.get()?.text).toContain('changed just now')
  })
})

describe('deciding', () => {
  it('frees the hunk and says why when the engine refuses', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    desk.refusals.set('accept', 'The file has changed.')
    desk.controller.accept([first])
    await desk.pass(0)
    expect(desk.controller.deciding.get().size).toBe(0)
    expect(desk.controller.word.get()?.text).toBe('The file has changed.')
  })

  it('stays decided between the answer and the picture that shows it', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    desk.controller.accept([first])
    await desk.pass(0)
    expect([...desk.controller.deciding.get()]).toEqual(['a/1'])
    desk.tell({ suggestions: [{ ...ready, hunks: [hunkView('1', { state: 'accepted' }), hunkView('2')] }] })
    expect(desk.controller.deciding.get().size).toBe(0)
  })

  it('is open again when the next picture says that it is pending after all', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    desk.controller.accept([first])
    await desk.pass(0)
    desk.tell({ suggestions: [{ ...ready }] })
    expect(desk.controller.deciding.get().size).toBe(0)
  })

  it('says where it landed', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    desk.controller.reject([first])
    await desk.pass(0)
    expect(desk.controller.word.get()?.text).toBe('Rejected src/total.ts:2')
  })
})

describe('interrupting', () => {
  it('names the suggestion painted last and paints nothing more of it', async () => {
    const desk = open()
    desk.tell({ suggestions: [streaming], text: [{ suggestion: 'a', from: 0, text: 'Hello' }] })
    let shown = ''
    desk.controller.transcripts.attach('a', {
      write: (text) => (shown += text),
      restart: (text) => (shown = text),
    })
    desk.key('Escape')
    desk.tell({ text: [{ suggestion: 'a', from: 5, text: ' world' }] })
    await desk.pass(0)
    expect(desk.sent('interrupt')).toEqual([{ suggestion: 'a' }])
    expect(shown).toBe('Hello')
  })

  it('stops all at the second press within a second', async () => {
    const desk = open()
    desk.tell({ suggestions: [streaming], text: [{ suggestion: 'a', from: 0, text: 'Hello' }] })
    desk.key('Escape')
    await desk.pass(900)
    desk.key('Escape')
    expect(desk.sent('interrupt')).toEqual([{ suggestion: 'a' }, { suggestion: null }])
  })

  it('means the stream, whatever the embedded engine has just said', async () => {
    const desk = open()
    const local = suggestionView('b', 2, { lane: 'local', state: 'streaming' })
    desk.tell({ suggestions: [suggestionView('a', 1, { state: 'waiting' }), local] })
    desk.tell({ text: [{ suggestion: 'b', from: 0, text: 'It does here what you have done.' }] })
    desk.tell({ suggestions: [{ ...local, state: 'ready' }] })
    await desk.pass(50)
    desk.key('Escape')
    expect(desk.sent('interrupt')).toEqual([{ suggestion: 'a' }])
  })

  it('leaves the next stream alone when the last one has just ended', async () => {
    const desk = open()
    desk.tell({ suggestions: [streaming], text: [{ suggestion: 'a', from: 0, text: 'Hello' }] })
    desk.tell({ suggestions: [ready, suggestionView('b', 2, { state: 'waiting' })] })
    await desk.pass(299)
    desk.key('Escape')
    expect(desk.sent('interrupt')).toEqual([])
  })

  it('goes on painting when the engine had nothing to stop', async () => {
    const desk = open()
    desk.setStopped([])
    desk.tell({ suggestions: [streaming], text: [{ suggestion: 'a', from: 0, text: 'Hello' }] })
    desk.key('Escape')
    await desk.pass(0)
    let shown = ''
    desk.controller.transcripts.attach('a', { write: () => {}, restart: (text) => (shown = text) })
    expect(shown).toBe('Hello')
    expect(desk.controller.transcripts.paintedLast()).toBe('a')
  })

  it('stops from inside a text field, and leaves the field', () => {
    const desk = open()
    desk.tell({ suggestions: [streaming], text: [{ suggestion: 'a', from: 0, text: 'Hello' }] })
    desk.key('Escape', 'field')
    expect(desk.sent('interrupt')).toEqual([{ suggestion: 'a' }])
    expect(desk.page).toEqual(['leave'])
  })

  it('only leaves a text field when nothing streams', () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    desk.key('Escape', 'field')
    expect(desk.sent('interrupt')).toEqual([])
    expect(desk.page).toEqual(['leave'])
  })
})

describe('the hand', () => {
  it('is told to the engine when it changes, once, and anew after a reconnect', () => {
    const desk = open()
    desk.connect()
    desk.tell({ first: true, suggestions: [ready] })
    desk.tell({ suggestions: [{ ...ready, thinkingMs: 1 }] })
    const inHand = { hunk: first, suggestion: 'a', focused: true }
    expect(desk.sent('hand')).toEqual([{ hunk: null, suggestion: null, focused: true }, inHand])
    desk.connect()
    expect(desk.sent('hand').at(-1)).toEqual(inHand)
    expect(desk.sent('hand')).toHaveLength(3)
  })
})

describe('steering', () => {
  it('continues the card in focus by key', async () => {
    const desk = open()
    desk.tell({ suggestions: [suggestionView('a', 1, { state: 'interrupted' })] })
    await desk.pass(600)
    desk.key('c')
    await desk.pass(401)
    expect(desk.sent('continue')).toEqual([{ suggestion: 'a' }])
  })

  it('says so and keeps the words when a nudge is refused', async () => {
    const desk = open()
    desk.refusals.set('nudge', 'It is over.')
    expect(await desk.controller.nudge('a', 'use a Map')).toBe(false)
    expect(desk.controller.word.get()?.text).toBe('It is over.')
  })
})

describe('errands', () => {
  it('copies the new lines of the hunk that was in focus when the key went down', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.key('y')
    desk.controller.take('a', '2')
    await desk.pass(401)
    expect(desk.copied).toEqual(['return count === 0 ? 0 : sum / count'])
  })

  it("opens the hunk's file at its line, also when it is stale", async () => {
    const desk = open()
    desk.tell({ suggestions: [suggestionView('a', 1, { hunks: [hunkView('1', { state: 'stale', start: 9 })] })] })
    desk.controller.take('a', '1')
    await desk.pass(600)
    desk.key('v')
    await desk.pass(401)
    expect(desk.sent('open')).toEqual([{ path: 'src/total.ts', line: 9 }])
  })

  it('writes again what was undone last, by U', async () => {
    const desk = open()
    await desk.pass(600)
    desk.key('U')
    await desk.pass(401)
    expect(desk.sent('redo')).toEqual([{ apply: null }])
    expect(desk.controller.word.get()?.text).toBe('Wrote again src/total.ts:2')
  })

  it('takes a named write back', async () => {
    const desk = open()
    desk.controller.errands.takeBack('w')
    await desk.pass(0)
    expect(desk.sent('takeBack')).toEqual([{ apply: 'w' }])
  })
})

describe('a hunk that is open to be edited', () => {
  it('is not decided by a key', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.setBusy(true)
    desk.key('a')
    await desk.pass(401)
    expect(desk.sent('accept')).toEqual([])
    expect(desk.controller.word.get()?.text).toBe('Save or leave what is open first.')
  })

  it('is unfolded by the key that opens it', async () => {
    const desk = open()
    desk.tell({ suggestions: [ready] })
    await desk.pass(600)
    desk.controller.fold()
    desk.key('e')
    expect(desk.controller.focus.get().folded).toBe(false)
    expect(desk.page).toEqual(['edit'])
  })
})

describe('deciding very many', () => {
  it('sends them in pieces that one message may hold, and none after a refusal', async () => {
    const desk = open()
    const hunks = Array.from({ length: 2100 }, (_, at) => ({ suggestion: 'a', hunk: `${at}`, hash: '' }))
    desk.controller.reject(hunks)
    await desk.pass(0)
    expect(desk.sent('reject')).toHaveLength(3)
    desk.refusals.set('accept', 'that hunk changed')
    desk.controller.accept(hunks)
    await desk.pass(0)
    expect(desk.sent('accept')).toHaveLength(1)
  })
})
