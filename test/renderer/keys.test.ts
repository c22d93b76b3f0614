// Bindings and guards: what a key does, and when it does nothing.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createKeyboard,
  dueKeys,
  focusKeyboard,
  pressKey,
  type Keyboard,
  type KeyAction,
  type KeyPress,
} from '../../renderer/keys.ts'

const TARGET = { suggestion: 's', hunk: 'h', hash: 'x' }

function press(key: string, at: number, changes: Partial<KeyPress> = {}): KeyPress {
  return {
    key,
    modified: false,
    repeat: false,
    where: 'page',
    at,
    target: TARGET,
    targetChangedAt: 0,
    targetClosed: false,
    inSight: true,
    inFocus: TARGET,
    suggestion: 's',
    ...changes,
  }
}

/** What ran, by whichever way, with the times at which it did. */
function type(
  presses: readonly KeyPress[],
  start: Keyboard = createKeyboard(0),
): readonly (readonly [KeyAction, number])[] {
  let keyboard = start
  const ran: (readonly [KeyAction, number])[] = []
  const letPass = (until: number): void => {
    for (let held = keyboard.held[0]; held !== undefined && held.at + 401 <= until; held = keyboard.held[0]) {
      const { keyboard: left, due } = dueKeys(keyboard, held.at + 401)
      keyboard = left
      for (const one of due) ran.push([one.action, one.at + 401])
    }
  }
  for (const one of presses) {
    letPass(one.at)
    const outcome = pressKey(keyboard, one)
    keyboard = outcome.keyboard
    if (outcome.run !== null) ran.push([outcome.run, one.at])
  }
  letPass(Infinity)
  return ran
}

describe('what is out of sight', () => {
  it('is shown before it is decided, and decided by the next press', () => {
    const hidden = pressKey(createKeyboard(0), press('r', 1000, { inSight: false }))
    expect(hidden).toMatchObject({ run: 'reveal', taken: true, keyboard: { held: [] } })
    expect(hidden.word).toContain('Press r again')
    expect(type([press('r', 2000)], hidden.keyboard)).toEqual([['reject', 2401]])
  })

  it('can still be steered', () => {
    expect(type([press('c', 1000, { inSight: false })])).toEqual([['continue', 1401]])
  })
})

describe('keys', () => {
  it('runs moves at once and decisions when they cannot be stray any more', () => {
    expect(type([press('j', 1000)])).toEqual([['next', 1000]])
    expect(type([press('a', 1000)])).toEqual([['accept', 1401]])
  })

  it('leaves keys with Ctrl, Alt or Meta alone', () => {
    const outcome = pressKey(createKeyboard(0), press('a', 1000, { modified: true }))
    expect(outcome).toMatchObject({ run: null, taken: false, keyboard: { held: [], presses: [] } })
  })

  it('leaves keys in a text field to the field', () => {
    expect(type([press('a', 1000, { where: 'field' }), press('j', 1500, { where: 'field' })])).toEqual([])
  })

  it('leaves a text field by Esc', () => {
    expect(type([press('Escape', 1000, { where: 'field' })])).toEqual([['leave', 1000]])
  })

  it('leaves Enter on a button to the button, but not the letters', () => {
    expect(type([press('Enter', 1000, { where: 'button' }), press('a', 2000, { where: 'button' })])).toEqual([
      ['accept', 2401],
    ])
  })

  it('is dead for 500 ms after the window gained focus', () => {
    const focused = focusKeyboard(createKeyboard(0), 1000)
    expect(type([press('a', 1499)], focused)).toEqual([])
    expect(type([press('a', 1500)], focused)).toEqual([['accept', 1901]])
  })

  it('interrupts even when everything else is dead', () => {
    expect(type([press('Escape', 10)])).toEqual([['interrupt', 10]])
  })

  it('does not take a held-down Esc for a second press', () => {
    expect(type([press('Escape', 1000), press('Escape', 1030, { repeat: true })])).toEqual([['interrupt', 1000]])
  })

  it('runs nothing of three keys within 400 ms, the first of them included', () => {
    expect(type([press('a', 1000), press('x', 1200), press('r', 1400)])).toEqual([])
  })

  it('runs a decision that was followed by one key only', () => {
    expect(type([press('a', 1000), press('x', 1200), press('z', 1401)])).toEqual([['accept', 1401]])
  })

  it('takes what follows stray typing without a pause for stray as well', () => {
    expect(type([press('x', 1000), press('y', 1100), press('z', 1200), press('a', 1550)])).toEqual([])
  })

  it('hands back the held keys that stray typing cancelled', () => {
    const held = pressKey(createKeyboard(0), press('a', 1000)).keyboard
    const outcome = pressKey(pressKey(held, press('b', 1100)).keyboard, press('c', 1200))
    expect(outcome.cancelled.map(({ action, target }) => [action, target])).toEqual([['accept', TARGET]])
    expect(outcome.word).toContain('stray')
  })

  it('refuses to decide on a hunk that changed within the last 300 ms, with a word', () => {
    const early = pressKey(createKeyboard(0), press('a', 1000, { targetChangedAt: 701 }))
    expect(early.keyboard.held).toEqual([])
    expect(early.word).toContain('look again')
    const late = pressKey(createKeyboard(0), press('a', 1000, { targetChangedAt: 700 }))
    expect(late.keyboard.held).toHaveLength(1)
  })

  it('says so when there is nothing to decide on', () => {
    expect(pressKey(createKeyboard(0), press('r', 1000, { target: null })).word).toBe('Nothing in focus to reject.')
  })

  it('carries the hunk that was painted when the key went down', () => {
    const { keyboard } = pressKey(createKeyboard(0), press('a', 1000))
    expect(dueKeys(keyboard, 1401).due).toMatchObject([{ action: 'accept', target: TARGET }])
  })

  it('takes a held key back by u instead of undoing a write', () => {
    expect(type([press('a', 1000), press('u', 1300)])).toEqual([])
    expect(type([press('u', 1000)])).toEqual([['undo', 1401]])
  })

  it('repeats moves, never decisions', () => {
    expect(type([press('j', 1000), press('j', 1030, { repeat: true })])).toEqual([
      ['next', 1000],
      ['next', 1030],
    ])
    expect(type([press('a', 1000), press('a', 1030, { repeat: true })])).toEqual([['accept', 1401]])
  })

  it('never decides anything when the keys come 200 ms apart or closer', () => {
    const deciding: ReadonlySet<KeyAction> = new Set<KeyAction>(['accept', 'reject', 'undo', 'continue', 'deeper'])
    const typed = fc.array(fc.tuple(fc.constantFrom(...'arucdjkxyz '), fc.integer({ min: 1, max: 200 })), {
      minLength: 3,
      maxLength: 30,
    })
    fc.assert(
      fc.property(typed, (keys) => {
        let at = 1000
        const presses = keys.map(([key, gap]) => press(key, (at += gap)))
        expect(type(presses).filter(([action]) => deciding.has(action))).toEqual([])
      }),
    )
  })

  it('holds what reaches out of the window, and only looks at once', () => {
    expect(type([press('e', 1000)])).toEqual([['edit', 1000]])
    expect(type([press('s', 1000)])).toEqual([['pick', 1000]])
    for (const [key, action] of [
      ['y', 'copy'],
      ['v', 'open'],
      ['U', 'redo'],
    ] as const) {
      expect(type([press(key, 1000)])).toEqual([[action, 1401]])
    }
  })

  it('copies and opens a hunk that cannot be decided, and says so when there is none', () => {
    const undecidable = press('y', 1000, { target: null })
    expect(pressKey(createKeyboard(0), undecidable).keyboard.held[0]?.target).toEqual(TARGET)
    expect(pressKey(createKeyboard(0), { ...undecidable, inFocus: null }).word).toBe('Nothing in focus to copy.')
  })
})
