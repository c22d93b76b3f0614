// Where the side window stands, on several layouts of displays.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dock, MIN_HEIGHT, MIN_WIDTH, placeWindow, whyNotPlaced } from '../../main/shell/placement.ts'

const PANEL_ABOVE = { x: 0, y: 30, width: 1920, height: 1050 }
const LEFT_OF_FIRST = { x: -1280, y: 0, width: 1280, height: 1000 }

describe('placing a window', () => {
  test.each([
    ['right', PANEL_ABOVE, { x: 1500, y: 30, width: 420, height: 1050 }],
    ['left', PANEL_ABOVE, { x: 0, y: 30, width: 420, height: 1050 }],
    ['right', LEFT_OF_FIRST, { x: -420, y: 0, width: 420, height: 1000 }],
    ['left', LEFT_OF_FIRST, { x: -1280, y: 0, width: 420, height: 1000 }],
  ] as const)('docks %s in the full height of the work area', (side, workArea, place) => {
    expect(placeWindow({ workArea, side, remembered: null, taken: [] })).toEqual(place)
  })

  test('takes up the place that was remembered', () => {
    const remembered = { x: 300, y: 200, width: 500, height: 400 }
    expect(placeWindow({ workArea: PANEL_ABOVE, side: 'right', remembered, taken: [] })).toEqual(remembered)
  })

  test('comes back into a work area that has shrunk', () => {
    const remembered = { x: 1500, y: 30, width: 420, height: 1050 }
    const workArea = { x: 0, y: 0, width: 1280, height: 700 }
    expect(placeWindow({ workArea, side: 'right', remembered, taken: [] })).toEqual({
      x: 860,
      y: 0,
      width: 420,
      height: 700,
    })
  })

  test('a second window docks beside the first', () => {
    const first = placeWindow({ workArea: PANEL_ABOVE, side: 'right', remembered: null, taken: [] })
    expect(placeWindow({ workArea: PANEL_ABOVE, side: 'right', remembered: null, taken: [first] }).x).toBe(1080)
  })

  test('without room beside the others it stands over the last of them', () => {
    const workArea = { x: 0, y: 0, width: 700, height: 600 }
    const first = dock(workArea, 'right', 420)
    expect(placeWindow({ workArea, side: 'right', remembered: null, taken: [first] })).toEqual(first)
  })

  test('always lies within the work area, and is never below its least size where that fits', () => {
    const number = fc.integer({ min: -5000, max: 5000 })
    const size = fc.integer({ min: 400, max: 5000 })
    const area = fc.record({ x: number, y: number, width: size, height: size })
    fc.assert(
      fc.property(
        area,
        fc.constantFrom('left' as const, 'right' as const),
        fc.option(
          fc.record({
            x: number,
            y: number,
            width: fc.integer({ min: 1, max: 6000 }),
            height: fc.integer({ min: 1, max: 6000 }),
          }),
          { nil: null },
        ),
        fc.array(area, { maxLength: 3 }),
        (workArea, side, remembered, taken) => {
          const place = placeWindow({ workArea, side, remembered, taken })
          expect(place.x).toBeGreaterThanOrEqual(workArea.x)
          expect(place.y).toBeGreaterThanOrEqual(workArea.y)
          expect(place.x + place.width).toBeLessThanOrEqual(workArea.x + workArea.width)
          expect(place.y + place.height).toBeLessThanOrEqual(workArea.y + workArea.height)
          expect(place.width).toBeGreaterThanOrEqual(MIN_WIDTH)
          expect(place.height).toBeGreaterThanOrEqual(MIN_HEIGHT)
        },
      ),
    )
  })
})

describe('whether windows can be placed', () => {
  test.each([
    ['linux', { XDG_SESSION_TYPE: 'wayland' }, '', false],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'auto', false],
    ['linux', { XDG_SESSION_TYPE: 'x11' }, 'wayland', false],
    ['linux', { XDG_SESSION_TYPE: 'wayland' }, 'x11', true],
    ['linux', { XDG_SESSION_TYPE: 'x11', DISPLAY: ':0' }, '', true],
    ['darwin', { XDG_SESSION_TYPE: 'wayland' }, '', true],
    ['win32', {}, '', true],
  ] as const)('on %s with %o and --ozone-platform=%s: %s', (platform, environment, ozone, can) => {
    expect(whyNotPlaced(platform, environment, ozone) === null).toBe(can)
  })
})
