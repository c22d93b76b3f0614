// What is muted: everything, a file, a folder or a language, until a moment or until further notice.
import type { MuteKind, MuteView } from '../../preload/contract.ts'
import { languageOf } from './language.ts'

/** Mutes that can stand at once; the oldest give way. */
const MOST = 100

/** The mutes that still hold at this moment (epoch ms). */
export function standing(mutes: readonly MuteView[], now: number): readonly MuteView[] {
  return mutes.filter(({ until }) => until === null || until > now)
}

/** With one more; the same thing muted again has the new end. A folder's name ends without a slash. */
export function muted(mutes: readonly MuteView[], mute: MuteView): readonly MuteView[] {
  const name = mute.kind === 'all' ? '' : mute.kind === 'language' ? mute.name : cleanPath(mute.name)
  return [...unmuted(mutes, mute.kind, name), { ...mute, name }].slice(-MOST)
}

/** Without this one. */
export function unmuted(mutes: readonly MuteView[], kind: MuteKind, name: string): readonly MuteView[] {
  const wanted = kind === 'all' ? '' : kind === 'language' ? name : cleanPath(name)
  return mutes.filter((mute) => mute.kind !== kind || mute.name !== wanted)
}

/** The mute that keeps this file quiet at this moment; null when none does. */
export function muteOf(mutes: readonly MuteView[], path: string, now: number): MuteView | null {
  return standing(mutes, now).find((mute) => covers(mute, path)) ?? null
}

function covers({ kind, name }: MuteView, path: string): boolean {
  switch (kind) {
    case 'all':
      return true
    case 'file':
      return path === name
    case 'folder':
      return name === '' || path.startsWith(`${name}/`)
    case 'language':
      return languageOf(path) === name
  }
}

/** The next moment (epoch ms) at which one of them ends; null when none ends by itself. */
export function nextEnd(mutes: readonly MuteView[], now: number): number | null {
  const ends = standing(mutes, now).flatMap(({ until }) => (until === null ? [] : [until]))
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Checks what was kept by an earlier run. */
export function isMutes(value: unknown): value is readonly MuteView[] {
  return Array.isArray(value) && value.every(isMute)
}

const KINDS: readonly unknown[] = ['all', 'file', 'folder', 'language'] satisfies readonly MuteKind[]

function isMute(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    KINDS.includes(value.kind) &&
    'name' in value &&
    typeof value.name === 'string' &&
    'until' in value &&
    (value.until === null || typeof value.until === 'number')
  )
}

function cleanPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '')
}
