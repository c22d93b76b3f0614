// What is pushed to a feed is painted by the next frame, in order, in at most two writes a frame.
import { array, assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeed } from '../../renderer/feed.ts'

/** Frames run by hand, and a terminal that paints in the frame after a write, as xterm does. */
function stage() {
  let queue: { readonly id: number; readonly run: () => void }[] = []
  let ids = 0
  const request = (run: () => void): number => {
    ids += 1
    queue.push({ id: ids, run })
    return ids
  }
  const terminal = { parsed: '', painted: '', writes: 0, pending: false }
  const paint = (): void => {
    terminal.pending = false
    terminal.painted = terminal.parsed
  }
  const feed = createFeed(
    (text, parsed) => {
      terminal.parsed += text
      terminal.writes += 1
      if (!terminal.pending) {
        terminal.pending = true
        request(paint)
      }
      parsed?.()
    },
    {
      request,
      cancel(id) {
        queue = queue.filter((one) => one.id !== id)
      },
    },
  )
  return {
    feed,
    terminal,
    /** The terminal has something to paint for a reason of its own. */
    disturb() {
      terminal.pending = true
      request(paint)
    },
    asked: () => queue.length,
    frame() {
      const due = queue
      queue = []
      for (const { run } of due) run()
    },
  }
}

describe('a feed', () => {
  it('writes the first text on arrival', () => {
    const { feed, terminal } = stage()
    feed.push('a')
    expect(terminal.parsed).toBe('a')
  })

  it('writes what follows in one piece, in the frame that paints the first', () => {
    const { feed, terminal, frame } = stage()
    for (const text of 'abcd') feed.push(text)
    frame()
    expect(terminal).toMatchObject({ painted: 'abcd', writes: 2 })
  })

  it('has painted everything after each frame, in order, in at most two writes a frame, however the text comes', () => {
    assert(
      property(array(array(string({ minLength: 1 }), { maxLength: 6 }), { maxLength: 12 }), (frames) => {
        const { feed, terminal, frame } = stage()
        let pushed = ''
        for (const texts of frames) {
          const before = terminal.writes
          for (const text of texts) {
            feed.push(text)
            pushed += text
          }
          frame()
          expect(terminal.painted).toBe(pushed)
          expect(terminal.writes - before).toBeLessThanOrEqual(2)
        }
      }),
    )
  })

  it('is late by one frame, once, when the terminal had asked for the frame already', () => {
    const { feed, terminal, frame, disturb } = stage()
    disturb()
    for (const text of 'ab') feed.push(text)
    frame()
    expect(terminal.painted).toBe('a')
    for (const text of 'cd') feed.push(text)
    frame()
    expect(terminal.painted).toBe('abcd')
  })

  it('asks for no frame besides that of the terminal when text comes slowly', () => {
    const { feed, asked, frame } = stage()
    feed.push('a')
    frame()
    expect(asked()).toBe(0)
  })

  it('asks for no more frames once no text comes', () => {
    const { feed, frame, asked } = stage()
    feed.push('a')
    for (let count = 0; count < 3; count += 1) frame()
    expect(asked()).toBe(0)
  })

  it('writes nothing while it is paused, and all of it in order afterwards', () => {
    const { feed, terminal, frame } = stage()
    for (const text of 'ab') feed.push(text)
    feed.pause()
    frame()
    feed.push('c')
    frame()
    expect(terminal.parsed).toBe('a')
    feed.resume()
    frame()
    expect(terminal.painted).toBe('abc')
  })

  it('forgets what is dropped', () => {
    const { feed, terminal, frame } = stage()
    for (const text of 'ab') feed.push(text)
    feed.drop()
    feed.push('c')
    frame()
    expect(terminal.painted).toBe('ac')
  })

  it('says when each text is in the terminal', () => {
    const { feed, frame } = stage()
    const told: string[] = []
    for (const text of 'abc') feed.push(text, () => told.push(text))
    expect(told).toEqual(['a'])
    frame()
    expect(told).toEqual(['a', 'b', 'c'])
  })

  it('asks for no frame after it is closed', () => {
    const { feed, asked, frame } = stage()
    feed.push('a')
    feed.close()
    frame()
    expect(asked()).toBe(0)
  })
})
