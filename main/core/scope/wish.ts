// What the person asked for in words, as far as it widens what a suggestion may touch.

export interface Wish {
  readonly renames: boolean
  readonly formatting: boolean
  readonly order: boolean
  /** Not here only: wherever it fits. */
  readonly everywhere: boolean
  readonly tests: boolean
  readonly prose: boolean
  readonly comments: boolean
  readonly newFile: boolean
  readonly deletes: boolean
  readonly moves: boolean
  /** Something of its own is to be written. */
  readonly adds: boolean
  /** Paths and names of files, as they were said. */
  readonly files: readonly string[]
  /** Words that look like names of code. */
  readonly names: ReadonlySet<string>
  /** All other words, in lower case, without those that name nothing. */
  readonly plain: ReadonlySet<string>
}

const NOTHING =
  /^(?:a|an|the|this|that|these|those|it|its|is|are|be|to|of|in|on|at|for|from|with|without|and|or|but|not|no|do|does|don|should|would|could|can|please|make|let|use|using|used|get|set|all|any|some|each|here|there|so|then|when|if|else|as|by|into|instead|only|just|also|too|more|less|than|has|have|had|was|were|will|we|you|i|my|our|your|what|which|who|why|how|add|adds|change|fix|handle|case|cases|code|file|files|function|functions|method|class|value|values|type|types|line|lines|name|names|new|old|test|tests|write|create|return|returns|empty|error|errors|null|none|list|string|number|check|checks|one|two|same|other|better|first|last|way|thing|up|out|over|now|still|after|before|call|calls|caller|callers|argument|parameter|variable|variables|everywhere|everything)$/

const FILE = /[\w@~.-]*(?:\/[\w@.-]+)+|\b[\w-]+\.[a-z]\w{0,5}\b(?!\()/g

/** `texts`: the question or the marker's text, and the nudges, in any order. */
export function wishOf(texts: readonly string[]): Wish {
  const whole = texts.join('\n').slice(0, 20_000)
  const files = [...whole.matchAll(FILE)].map(([path]) => path)
  const said = whole.replaceAll(FILE, ' ')
  const says = (pattern: RegExp): boolean => pattern.test(whole)
  const tidy = says(/\b(?:clean(?:\s|-)?(?:up|this|it)|tidy|refactor|restructure|moderni[sz]e|rewrite)\b/i)
  const names = new Set<string>()
  for (const [, name] of said.matchAll(/[`'"\u201c]([\p{L}_$][\p{L}\p{N}_$.]*)(?:\(\))?[`'"\u201d]/gu))
    addName(names, name ?? '')
  for (const [name] of said.matchAll(
    /[\p{L}_$][\p{L}\p{N}_$]*(?=\()|\b[\p{Ll}_$]+\p{Lu}[\p{L}\p{N}_$]*|\b\p{Lu}\p{Ll}+\p{Lu}[\p{L}\p{N}]*|\b[\p{L}$]+_[\p{L}\p{N}_$]+/gu,
  ))
    addName(names, name)
  const plain = new Set((said.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []).filter((word) => !NOTHING.test(word)))
  return {
    renames:
      tidy ||
      says(
        /\brenam|\bcall (?:it|this|them|that)\b|\bname (?:it|this|them)\b|\b(?:better|clearer|shorter|longer|other) (?:variable |parameter |function )?names?\b|\bnaming\b|\bcamel ?case|\bsnake ?case|\bspelling\b|\btypos?\b/i,
      ),
    formatting: says(
      /\b(?:re)?format|\b(?:re)?indent|\bprettier\b|\bblack\b|\bgofmt\b|\brustfmt\b|\beslint\b|\blint|\bquotes?\b|\bsemicolons?\b|\bwhite ?space|\btabs?\b|\btrailing comma|\bline (?:length|width|breaks?)\b|\bwrap (?:the |these |long )?lines?\b|\bcode style\b|\btidy\b|\bclean(?:\s|-)?up\b/i,
    ),
    order:
      tidy ||
      says(
        /\bsort|\bre-?order|\bin order\b|\border (?:of|the)\b|\balphabet|\barrange|\borgani[sz]e|\bgroup(?:ed|s)?\b|\bmove (?:it|this|the|that)\b|\bswap\b/i,
      ),
    everywhere: says(
      /\beverywhere\b|\bthroughout\b|\bacross (?:the|all)\b|\ball (?:(?:the|other|of the) )?(?:files|uses|usages|callers|calls|places|occurrences|functions|handlers|methods|tests|modules|endpoints|components|routes|queries)\b|\b(?:whole|entire) (?:file|project|module|code ?base|class)\b|\bevery (?:\w+ )?(?:file|use|usage|caller|place|occurrence|function|handler|method|endpoint|route|query)\b|\b(?:the )?other (?:files|places|callers|functions|methods|handlers|uses|ones|endpoints|routes|queries)\b|\brest of the\b|\bin both\b|\beach of (?:the|them)\b/i,
    ),
    tests: says(/\btests?\b|\btested\b|\bspecs?\b|\bcoverage\b|\bassert/i),
    prose: says(/\breadme\b|\bdocs?\b|\bdocumentation\b|\bchangelog\b|\brelease notes?\b/i),
    comments: says(/\bcomments?\b|\bdocument|\bdocs?\b|\bdocstrings?\b|\bjsdoc\b|\bjavadoc\b|\bexplain\b/i),
    newFile: says(
      /\b(?:new|own|separate|another) (?:\w+ )?(?:file|module|component|class|package|page|test)\b|\bextract|\bsplit\b|\bmove\b.*\b(?:to|into)\b|\bcreate (?:a|an|the)\b|\bscaffold|\bgenerate (?:a|an|the)\b|\bmigration\b/i,
    ),
    deletes: says(/\bdelet|\bremov|\bdrop\b|\bget rid\b|\bmerge\b|\binline\b|\bno longer need/i),
    moves: says(/\bmov(?:e|ed|ing)\b|\brenam/i),
    adds: says(
      /\badd\b|\bcreate\b|\bwrite\b|\bimplement|\bextract|\bintroduce|\bmake (?:a|an)\b|\bgenerate\b|\bsplit\b|\bneeds? (?:a|an)\b|\bprovide\b/i,
    ),
    files,
    names,
    plain,
  }
}

function addName(names: Set<string>, name: string): void {
  for (const part of name.split('.')) if (part.length > 1) names.add(part)
}

/** Whether the words speak of this name: as it is written, or by one of the words that it is made of. */
export function speaksOf({ names, plain }: Wish, name: string): boolean {
  if (names.has(name) || plain.has(name.toLowerCase())) return true
  const parts = name.split(/[_$]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).map((part) => part.toLowerCase())
  return parts.length > 1 && parts.filter((part) => plain.has(part)).length * 2 >= parts.length
}

/** Whether the words name this file: by its path, its name, or its stem. */
export function namesFile({ files, names, plain }: Wish, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const stem = name.replace(/\..*$/, '')
  return (
    files.some((said) => path === said || path.endsWith(`/${said.replace(/^\.?\//, '')}`) || name === said) ||
    (stem.length > 2 && (names.has(stem) || plain.has(stem.toLowerCase())))
  )
}
