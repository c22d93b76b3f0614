// Where the side window stands: at an edge of a display's work area, or where the person has put it there. Pure.
import type { Place } from './preferences.ts'

/** The sketch's narrow window beside an editor; all numbers are device-independent pixels. */
export const DEFAULT_WIDTH = 420
export const MIN_WIDTH = 280
export const MIN_HEIGHT = 240
/** Of the page alone, without the frame. */
export const STRIP_HEIGHT = 48

export interface PlacementInput {
  /** Of the display under the cursor: what panels and docks leave. */
  readonly workArea: Place
  readonly side: 'left' | 'right'
  /** Where it stood on this display last; null: never. */
  readonly remembered: Place | null
  /** Where other side windows stand. */
  readonly taken: readonly Place[]
}

/**
 * The remembered place, pushed into the work area if that has shrunk or moved; otherwise the full height at the edge, beside
 * other side windows that dock there, as long as there is room.
 */
export function placeWindow({ workArea, side, remembered, taken }: PlacementInput): Place {
  const width = clamp(remembered?.width ?? DEFAULT_WIDTH, MIN_WIDTH, workArea.width)
  const wanted =
    remembered === null
      ? { x: edge(workArea, side, width), y: workArea.y, width, height: workArea.height }
      : { ...remembered, width, height: clamp(remembered.height, MIN_HEIGHT, workArea.height) }
  const step = side === 'left' ? width : -width
  let place = inside(wanted, workArea)
  while (taken.some((other) => other.x === place.x && other.y === place.y)) {
    const next = { ...place, x: place.x + step }
    if (next.x < workArea.x || next.x + width > workArea.x + workArea.width) break
    place = next
  }
  return place
}

/** The same width at the edge of the work area, in full height. */
export function dock(workArea: Place, side: 'left' | 'right', width: number): Place {
  const fitting = clamp(width, MIN_WIDTH, workArea.width)
  return { x: edge(workArea, side, fitting), y: workArea.y, width: fitting, height: workArea.height }
}

function edge(workArea: Place, side: 'left' | 'right', width: number): number {
  return side === 'left' ? workArea.x : workArea.x + workArea.width - width
}

function inside(place: Place, area: Place): Place {
  return {
    ...place,
    x: clamp(place.x, area.x, area.x + area.width - place.width),
    y: clamp(place.y, area.y, area.y + area.height - place.height),
  }
}

/** On a display smaller than the minimum the display wins. */
function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

/**
 * Why windows can be neither placed nor kept on top here, or null. Electron runs natively on Wayland in a Wayland session unless
 * it is told `--ozone-platform=x11`; there a program does not know where its windows are, and may not move them.
 */
export function whyNotPlaced(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  ozonePlatform: string,
): string | null {
  if (platform !== 'linux') return null
  const wayland =
    ozonePlatform === '' || ozonePlatform === 'auto'
      ? environment['XDG_SESSION_TYPE'] === 'wayland' || Boolean(environment['WAYLAND_DISPLAY'])
      : ozonePlatform === 'wayland'
  return wayland
    ? 'Wayland lets no program place its windows or keep them on top: use your desktop\u2019s own rule for the window, or start with --ozone-platform=x11'
    : null
}
