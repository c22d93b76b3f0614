// Hostile and broken replies about small files: lines of every format in any order, cut, mixed up and damaged.

export type Random = () => number

export interface Case {
  /** Contents by path. */
  readonly files: ReadonlyMap<string, string>
  readonly reply: string
}

const PATHS = ['a.ts', 'src/b.py', 'c d.txt', '../out.ts', '/etc/passwd', '.git/config', 'con', 'a.ts/x', 'C:\\x', '']
/** What files consist of: few different lines, so that they repeat. */
const LINES = [
  'a',
  '  a',
  '\ta',
  'b()',
  '}',
  '',
  '  ',
  'if (x) {',
  '“é”',
  '"é"',
  '- b',
  '+++ a.ts',
  '--- a.ts',
  '@@',
  '=======',
  '*** End of File',
  'c\r',
  '\uFEFF',
  '\u2028',
]
const MARKS = [
  '*** Begin Patch',
  '*** End Patch',
  '*** End of File',
  '***',
  '@@',
  '@@ b()',
  '@@ -1,2 +1,3 @@',
  '@@ -999999999999,0 +0,0 @@ a',
  '@@@@ @@',
  '<<<<<<< SEARCH',
  '=======',
  '>>>>>>> REPLACE',
  '<<<<< SEARCH',
  '-------',
  '...',
  '```',
  '```diff',
  '~~~~',
  '````a.ts',
  '\\ No newline at end of file',
  'diff --git a/a.ts b/a.ts',
  'new file mode 100644',
  'deleted file mode 100644',
  'rename from a.ts',
  'rename to src/b.py',
  'GIT binary patch',
  'Binary files a/a.ts and b/a.ts differ',
  'apply_patch <<EOF',
  'EOF',
  '{"patch":"*** Begin Patch\\n*** Update File: a.ts\\n-a\\n+b\\n*** End Patch"}',
]
const NAMING = [
  '*** Update File: ',
  '*** Add File: ',
  '*** Delete File: ',
  '*** Move to: ',
  '--- ',
  '+++ ',
  '--- a/',
  '+++ b/',
  '',
  '### ',
  '```',
]
const PREFIXES = ['', ' ', '-', '+', '- ', '+ ', '  ', '\t', '> ']
const ENDS = ['\n', '\n', '\n', '\n', '\r\n', '\r', '']
const DAMAGE = ['\0', '\r', '\n', '\ud83d', '\u202e', '\u200b', '*', '@', '<', '`', '-', '+', ' ', '\t']

export function makeCase(random: Random): Case {
  const files = new Map([['a.ts', makeFile(random)]])
  if (random() < 0.3) files.set('src/b.py', makeFile(random))
  const own = [...files.values()].flatMap((text) => text.split('\n'))
  const reply = random() < 0.5 ? nearlyRight(own, random) : anything(own, random)
  return { files, reply: random() < 0.3 ? damaged(reply, random) : reply }
}

function makeFile(random: Random): string {
  const end = random() < 0.2 ? '\r\n' : '\n'
  let text = random() < 0.05 ? '\uFEFF' : ''
  for (let left = Math.floor(random() * 10); left > 0; left -= 1) text += pick(LINES, random) + end
  return random() < 0.3 ? text + pick(LINES, random) : text
}

/** A patch about lines that are there, in one of the formats; so that it is often placed. */
function nearlyRight(own: readonly string[], random: Random): string {
  const path = random() < 0.8 ? 'a.ts' : pick(PATHS, random)
  const from = Math.floor(random() * own.length)
  const old = own.slice(from, from + 1 + Math.floor(random() * 4))
  const fresh = Array.from({ length: Math.floor(random() * 3) }, () => pick(LINES, random))
  const format = random()
  if (format < 0.25) {
    return `${path}\n<<<<<<< SEARCH\n${old.join('\n')}\n=======\n${fresh.join('\n')}\n>>>>>>> REPLACE\n`
  }
  const kept = Math.floor(random() * (old.length + 1))
  const body = [
    ...old.slice(0, kept).map((line) => ` ${line}`),
    ...old.slice(kept).map((line) => `-${line}`),
    ...fresh.map((line) => `+${line}`),
  ].join('\n')
  if (format < 0.5) return `--- a/${path}\n+++ b/${path}\n@@ -${from + 1},9 +${from},2 @@\n${body}\n`
  const place = random() < 0.5 ? '@@\n' : `@@ ${pick(own, random)}\n`
  return `*** Begin Patch\n*** Update File: ${path}\n${place}${body}\n${random() < 0.8 ? '*** End Patch\n' : ''}`
}

function anything(own: readonly string[], random: Random): string {
  let reply = ''
  for (let left = 1 + Math.floor(random() * 14); left > 0; left -= 1) {
    const kind = random()
    if (kind < 0.3) reply += pick(MARKS, random)
    else if (kind < 0.5) reply += pick(NAMING, random) + pick(PATHS, random)
    else reply += pick(PREFIXES, random) + (random() < 0.6 ? pick(own, random) : pick(LINES, random))
    reply += pick(ENDS, random)
  }
  return reply
}

function damaged(reply: string, random: Random): string {
  let text = reply
  for (let left = 1 + Math.floor(random() * 3); left > 0; left -= 1) {
    const at = Math.floor(random() * (text.length + 1))
    const kind = random()
    if (kind < 0.3) text = text.slice(0, at) + pick(DAMAGE, random) + text.slice(at)
    else if (kind < 0.6) text = text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 6))
    else if (kind < 0.8) text = text.slice(0, at)
    else text += text.slice(at)
  }
  return text
}

export function pick(some: readonly string[], random: Random): string {
  return some[Math.floor(random() * some.length)] ?? ''
}
