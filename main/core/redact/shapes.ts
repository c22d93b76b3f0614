// Keys that are known by their own shape, wherever they stand.
import { isWordLike } from './value.ts'

export interface Shape {
  readonly kind: string
  /** One of these stands in every match: the pattern runs only on texts that contain one. */
  readonly hints: readonly string[]
  /** Every match begins with a hint, and is looked for only there: nine tenths of the time of a search are saved. */
  readonly begins?: true
  /** The secret is the group `secret` where there is one, else the whole match. */
  readonly pattern: RegExp
  readonly accepts?: (value: string) => boolean
  readonly bare?: true
}

/** A key may start after anything but a letter or digit, and after an escape (`\n`, `%3D`), whose letter is not the key's. */
const START = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrtu])|(?<=%[0-9A-Fa-f]{2}))`
/** For shapes of several parts: a failed try must not begin anew inside its own characters, or time grows with the square. */
const START_STRICT = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))`

function shape(kind: string, hints: readonly string[], body: string, accepts?: (value: string) => boolean): Shape {
  const made: Shape = { kind, hints, begins: true, pattern: new RegExp(START + body, 'dy') }
  return accepts === undefined ? made : { ...made, accepts }
}

/** The hint stands somewhere in the match; of several parts, so that a try which fails must not begin anew inside it. */
function within(kind: string, hints: readonly string[], body: string): Shape {
  return { kind, hints, pattern: new RegExp(START_STRICT + body, 'gd') }
}

function parts(kind: string, hints: readonly string[], body: string): Shape {
  return { kind, hints, begins: true, pattern: new RegExp(START_STRICT + body, 'dy') }
}

function hasDigit(value: string): boolean {
  return /\d/.test(value)
}

function isRandom(value: string): boolean {
  return hasDigit(value) && !isWordLike(value)
}

/** `${NAME}`, `<password>`, `$1`, `****`: somebody's place for a secret, not one. */
function isPlainPassword(value: string): boolean {
  return !/^(?:[$%<{[*]|x{3,}$|password$|passwd$|pass$|pwd$|secret$|token$)/i.test(value) && !value.includes('${')
}

function isBasicPair(value: string): boolean {
  try {
    const pair = atob(value)
    return pair.includes(':') && /^[\x20-\x7e]+$/.test(pair)
  } catch {
    return false
  }
}

export const SHAPES: readonly Shape[] = [
  // Clouds
  shape('AWS access key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])'),
  shape(
    'AWS Bedrock key',
    ['ABSK', 'bedrock-api-key-'],
    '(?:ABSK[A-Za-z0-9+/]{60,}={0,2}|bedrock-api-key-[A-Za-z0-9+/=_-]{20,})',
  ),
  shape('AWS marketplace token', ['amzn.mws.'], String.raw`amzn\.mws\.[0-9a-f-]{36}`),
  shape('Google API key', ['AIza'], String.raw`AIza[\w-]{35}`),
  shape('Google OAuth secret', ['GOCSPX-'], String.raw`GOCSPX-[\w-]{20,}`),
  shape('Google OAuth token', ['ya29.', '1//0'], String.raw`(?:ya29\.[\w-]{20,}|1//0[\w-]{20,})`),
  within('Azure client secret', ['8Q~', '7Q~'], String.raw`[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}`),
  within('Azure DevOps token', ['AZDO'], '[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}'),
  within(
    'Azure key',
    ['JQQJ99', 'AzFu', '+AStAAAA', '+ACDbAAAA', 'AzCa', 'AzSe'],
    '[A-Za-z0-9+/]{30,76}(?:JQQJ99|AzFu|AzCa|AzSe|[+]AStAAAA|[+]ACDbAAAA)[A-Za-z0-9+/=]{6,36}',
  ),
  shape('DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], 'do[opr]_v1_[a-f0-9]{64}'),
  shape('Alibaba access key', ['LTAI'], 'LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])', isRandom),
  shape('Tencent secret id', ['AKID'], 'AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])'),
  shape(
    'Yandex token',
    ['AQVN', 't1.', 'YCAJ'],
    String.raw`(?:AQVN[\w-]{35,38}|t1\.[\w-]{20,}={0,2}\.[\w-]{80,88}={0,2}|YCAJ[\w-]{20,})`,
    isRandom,
  ),
  shape('Heroku key', ['HRKU-'], String.raw`HRKU-[\w-]{36,}`),
  shape('Fly token', ['fo1_', 'fm1', 'fm2_'], String.raw`(?:fo1_[\w-]{40,}|fm[12][ar]?_[A-Za-z0-9+/=]{60,})`),
  shape('Netlify token', ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'], 'nf[pcoub]_[A-Za-z0-9_]{36,}'),
  shape('Cloudflare key', ['v1.0-'], 'v1[.]0-[a-f0-9]{24}-[a-f0-9]{100,}'),
  shape('Cloudflare token', ['cfk_', 'cfut_', 'cfat_'], 'cf(?:k|ut|at)_[A-Za-z0-9]{40,}'),
  shape(
    'Vercel token',
    ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
    'vc[piark]_[A-Za-z0-9]{20,60}(?![A-Za-z0-9])',
    isRandom,
  ),
  shape('Tailscale key', ['tskey-'], String.raw`tskey-[a-z]{2,20}-\w{8,40}-\w{16,60}`),
  shape('Databricks token', ['dapi'], 'dapi[a-f0-9]{32}(?:-[0-9])?'),
  shape('Pulumi token', ['pul-'], 'pul-[a-f0-9]{40}'),
  within('Terraform token', ['.atlasv1.'], String.raw`[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}`),
  shape('Vault token', ['hvs.', 'hvb.', 'hvr.'], String.raw`hv[sbr]\.[\w-]{20,}`),
  shape(
    'Doppler token',
    ['dp.'],
    String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{1,40}\.)?[A-Za-z0-9]{40,44}`,
  ),
  shape(
    '1Password token',
    ['ops_eyJ', 'A3-'],
    '(?:ops_eyJ[A-Za-z0-9+/=_-]{50,}|A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,5})',
  ),
  shape('Infracost or Scalingo key', ['ico-', 'tk-us-'], String.raw`(?:ico-[A-Za-z0-9]{32}|tk-us-[\w-]{48})`),
  shape('age key', ['AGE-SECRET-KEY-1'], 'AGE-SECRET-KEY-1[A-Z0-9]{58}'),

  // Code and packages
  shape(
    'GitHub token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    String.raw`(?:ghs_\d{1,20}_[\w-]{1,1000}\.[\w-]{1,10000}\.[\w-]{1,1000}|gh[pousr]_[A-Za-z0-9_]{36,}|github_pat_[A-Za-z0-9_]{22,})`,
  ),
  shape(
    'GitLab token',
    ['gl', 'GR1348941'],
    String.raw`(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|imt|agent|oas|ffct|wt)-[\w-]{16,}(?:\.[\w.]{5,40})?|GR1348941[\w-]{20,})`,
    hasDigit,
  ),
  shape('GitLab session', ['_gitlab_session='], String.raw`_gitlab_session=(?<secret>[0-9a-f]{32})`),
  shape(
    'Bitbucket or Atlassian token',
    ['ATBB', 'ATATT', 'ATCTT'],
    '(?:ATBB[A-Za-z0-9]{28,}|AT[AC]TT3[A-Za-z0-9_=-]{20,})',
  ),
  shape('npm token', ['npm_'], 'npm_[A-Za-z0-9]{36}'),
  shape('PyPI token', ['pypi-'], String.raw`pypi-[\w-]{50,}`),
  shape('RubyGems key', ['rubygems_'], 'rubygems_[a-f0-9]{48}'),
  shape('NuGet key', ['oy2'], 'oy2[a-z0-9]{43}(?![a-z0-9])'),
  shape('crates.io token', ['cio'], 'cio[A-Za-z0-9]{32}(?![A-Za-z0-9])', isRandom),
  shape('Docker token', ['dckr_'], String.raw`dckr_(?:pat|oat)_[\w-]{27,}`),
  shape('JFrog token', ['AKCp', 'cmVmd'], '(?:AKCp[A-Za-z0-9]{60,}|cmVmd[A-Za-z0-9]{59})'),
  shape('Clojars token', ['CLOJARS_'], 'CLOJARS_[a-z0-9]{60}'),
  shape('SonarQube token', ['squ_', 'sqp_', 'sqa_'], 'sq[upa]_[a-f0-9]{40}'),
  shape(
    'Buildkite or CircleCI token',
    ['bkua_', 'CCIPAT_', 'CCIPRJ_'],
    '(?:bkua_[a-f0-9]{40}|CCIP(?:AT|RJ)_[A-Za-z0-9]{20,}_[a-f0-9]{40})',
  ),
  shape('Snyk token', ['snyk_'], String.raw`snyk_(?:uat|sat)\.[\w.-]{40,}`),
  shape('Sourcegraph token', ['sgp_'], 'sgp_(?:[a-zA-Z0-9]{16}_|local_)?[a-f0-9]{40}'),
  shape('Prefect token', ['pnu_', 'pnb_'], 'pn[ub]_[A-Za-z0-9]{36}'),

  // Models
  shape('Anthropic key', ['sk-ant-'], String.raw`sk-ant-[\w-]{20,}`),
  shape('OpenAI-style key', ['sk-'], String.raw`sk-[\w-]{20,}`, isRandom),
  shape(
    'Hugging Face token',
    ['hf_', 'api_org_'],
    '(?:hf_|api_org_)[A-Za-z0-9]{30,}',
    (value) => !isWordLike(value.slice(3)),
  ),
  shape('Groq key', ['gsk_'], 'gsk_[A-Za-z0-9]{40,}'),
  shape('Perplexity key', ['pplx-'], 'pplx-[A-Za-z0-9]{32,}'),
  shape('xAI key', ['xai-'], 'xai-[A-Za-z0-9]{40,}'),
  shape('Replicate token', ['r8_'], 'r8_[A-Za-z0-9]{32,}'),
  shape('Cerebras key', ['csk-'], 'csk-[a-z0-9]{32,}'),
  shape('Fireworks key', ['fw_'], 'fw_[A-Za-z0-9]{22,}', isRandom),
  shape('Pinecone key', ['pcsk_'], 'pcsk_[A-Za-z0-9_]{40,}'),
  shape('LangSmith key', ['lsv2_'], 'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}'),
  shape('Nvidia key', ['nvapi-'], String.raw`nvapi-[\w-]{50,}`),
  shape('Tavily key', ['tvly-'], String.raw`tvly-[\w-]{20,}`, isRandom),
  shape('ElevenLabs key', ['sk_'], 'sk_[a-f0-9]{48}'),

  // Payment, mail, chat
  shape(
    'Stripe key',
    ['sk_live_', 'sk_test_', 'sk_prod_', 'rk_live_', 'rk_test_', 'rk_prod_', 'whsec_'],
    '(?:(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,})',
  ),
  shape('Square token', ['sq0', 'EAAA'], String.raw`(?:sq0(?:atp|csp|idp)-[\w-]{22,}|(?<![+/])EAAA[\w-]{60})`),
  shape(
    'PayPal token',
    ['access_token$'],
    String.raw`access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}`,
  ),
  shape('Shopify token', ['shp'], 'shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32}'),
  shape('Razorpay key', ['rzp_'], 'rzp_(?:live|test)_[A-Za-z0-9]{14,}'),
  shape(
    'Plaid or Flutterwave key',
    ['access-', 'FLWSECK'],
    '(?:access-(?:sandbox|development|production)-[0-9a-f-]{36}|FLWSECK(?:_TEST)?-[A-Za-z0-9-]{12,40})',
  ),
  shape(
    'EasyPost or Duffel key',
    ['EZAK', 'EZTK', 'duffel_'],
    String.raw`(?:EZ[AT]K[A-Za-z0-9]{54}|duffel_(?:test|live)_[\w=-]{43})`,
  ),
  shape('SendGrid key', ['SG.'], String.raw`SG\.[\w-]{16,32}\.[\w-]{16,64}`),
  shape('Mailgun key', ['key-'], 'key-[0-9a-f]{32}(?![A-Za-z0-9])'),
  within('Mailchimp key', ['-us'], '[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])'),
  shape('Sendinblue key', ['xkeysib-', 'xsmtpsib-'], 'x(?:keysib|smtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16}'),
  shape('Postmark or Resend key', ['re_'], 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}', isRandom),
  shape('Twilio key', ['SK'], 'SK[0-9a-f]{32}(?![A-Za-z0-9])'),
  shape('Twilio account', ['AC'], 'AC[0-9a-f]{32}(?![A-Za-z0-9])'),
  shape('Slack token', ['xox', 'xapp-'], '(?:xox[abeoprs]|xapp)-[A-Za-z0-9.-]{10,}', hasDigit),
  shape(
    'Slack webhook',
    ['hooks.slack.com/'],
    String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[A-Za-z0-9+/]{20,100})`,
  ),
  within(
    'Discord webhook',
    ['/api/webhooks/'],
    String.raw`discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{15,22}/(?<secret>[\w-]{40,100})`,
  ),
  within('Discord token', ['.'], String.raw`[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}`),
  shape(
    'Teams webhook',
    ['webhook.office.com/'],
    String.raw`webhook\.office\.com/webhookb2/(?<secret>[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36})`,
  ),
  within('Telegram token', [':AA'], String.raw`\d{8,10}:AA[\w-]{33}`),

  // Tools
  shape('Linear key', ['lin_'], 'lin_(?:api|oauth)_[A-Za-z0-9]{32,}'),
  shape('Notion token', ['ntn_', 'secret_'], '(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}(?![A-Za-z0-9]))'),
  shape('Figma token', ['fig'], String.raw`fig[dorhu]h?_[\w-]{32,}`, isRandom),
  shape('Airtable token', ['pat'], String.raw`pat[A-Za-z0-9]{14}\.[a-f0-9]{64}`),
  shape('Postman key', ['PMAK-'], 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  shape('Sentry token', ['sntrys_', 'sntryu_', 'sntrya_'], 'sntry[sua]_[A-Za-z0-9+/=_-]{40,}'),
  shape('Grafana token', ['glsa_', 'glc_'], '(?:glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}|glc_[A-Za-z0-9+/=]{32,})'),
  shape('New Relic key', ['NRAK-', 'NRII-', 'NRJS-', 'NRBR-'], String.raw`NR(?:AK|II|JS|BR|RA|AA)-[\w-]{19,}`),
  shape('Dynatrace token', ['dt0'], String.raw`dt0[a-z]\d\d\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}`),
  shape('Supabase key', ['sbp_', 'sb_secret_'], String.raw`(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{20,})`),
  shape('PlanetScale key', ['pscale_'], String.raw`pscale_(?:tkn|pw|oauth)_[\w=.-]{32,}`),
  shape('Asana or ClickUp token', ['pk_'], String.raw`pk_\d{6,9}_[A-Z0-9]{32}`),
  shape('HubSpot token', ['pat-'], 'pat-(?:na|eu)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'),
  shape('Contentful token', ['CFPAT-'], String.raw`CFPAT-[\w-]{43}`),
  shape('Readme key', ['rdme_'], 'rdme_[a-z0-9]{70}'),
  shape('Typeform token', ['tfp_'], String.raw`tfp_[\w.=-]{40,}`),
  shape('Adobe secret', ['p8e-'], 'p8e-[A-Za-z0-9]{32}'),
  shape('Cloudinary address', ['cloudinary://'], String.raw`cloudinary://\d{6,20}:(?<secret>[\w-]{10,60})@`),
  shape('Facebook token', ['EAA'], '(?<![+/])EAA[A-Z][A-Za-z0-9]{80,}', isRandom),
  shape('Twitter bearer', ['AAAAAAAAA'], 'AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{60,}'),

  // Standards
  parts(
    'JSON web token',
    ['eyJ'],
    String.raw`eyJ[\w-]{8,}\.(?:eyJ[\w-]{8,}\.[\w-]{8,}|[\w-]*\.[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})`,
  ),
  shape(
    'password hash',
    ['$2', '$argon2', '$6$', '$5$', '$pbkdf2', '$scrypt'],
    String.raw`\$(?:2[aby]\$\d\d\$[./A-Za-z0-9]{53}|argon2(?:id|i|d)\$[\w=,$+/-]{40,}|[56]\$[\w./$=-]{30,}|(?:pbkdf2|scrypt)[\w-]*\$[\w./$=,+-]{30,})`,
  ),
  {
    kind: 'password in an address',
    hints: ['://'],
    pattern: /:\/\/[^\s:@/"'`<>]{0,100}:(?<secret>[^\s/"'`<>]{1,200})@/dg,
    accepts: isPlainPassword,
    bare: true,
  },
  {
    kind: 'authorization header',
    hints: ['earer', 'EARER'],
    pattern: /\bbearer(?:\s|%20|\+){1,3}(?<secret>[\w.~+/-]{16,}={0,2})/dgi,
    accepts: (value) => hasDigit(value) && !isWordLike(value),
    bare: true,
  },
  {
    kind: 'authorization header',
    hints: ['asic ', 'ASIC '],
    pattern: /\bbasic {1,3}(?<secret>[A-Za-z0-9+/]{8,}={0,2})/dgi,
    accepts: isBasicPair,
    bare: true,
  },
  {
    kind: 'authorization header',
    hints: ['uthorization', 'UTHORIZATION'],
    pattern:
      /authorization["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}\\?["'`]?(?:token|apikey|api-key|key|digest|negotiate|splunk|genieKey|klaviyo-api-key)?[ =]{0,2}(?<secret>[\w.~+/-]{16,}={0,2})/dgi,
    accepts: isRandom,
    bare: true,
  },
  {
    kind: 'password in a command',
    hints: ['curl', 'wget', 'http', '--user'],
    pattern: /\s(?:-u|--user|--proxy-user)[ =]{1,3}["']?[^\s:"'$]{1,100}:(?<secret>[^\s"']{3,200})/dg,
    accepts: isPlainPassword,
    bare: true,
  },
  {
    kind: 'password in a command',
    hints: ['sshpass', 'mysql', 'mariadb'],
    pattern:
      /\b(?:sshpass -p ?|(?:mysql(?:dump|admin)?|mariadb) [^\n]{0,80}?-p)["']?(?<secret>[^\s"'$-][^\s"']{3,200})/dg,
    accepts: isPlainPassword,
    bare: true,
  },
  {
    kind: 'password in a call',
    hints: ['asicAuth(', 'asic_auth(', 'getConnection('],
    pattern:
      /(?:[bB]asic_?[aA]uth|getConnection)\((?:[^()\n]{0,200},)?\s{0,4}["'][^"'\n]{0,100}["']\s{0,4},\s{0,4}["'](?<secret>[^"'\n]{3,200})["']\s{0,4}\)/dg,
    accepts: isPlainPassword,
    bare: true,
  },
  {
    kind: 'password in SQL',
    hints: ['IDENTIFIED', 'identified'],
    pattern: /identified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?by\s{1,4}["'](?<secret>[^"'\n]{3,200})["']/dgi,
    accepts: isPlainPassword,
    bare: true,
  },
  {
    kind: 'Sentry address',
    hints: ['sentry'],
    pattern: /:\/\/(?<secret>[0-9a-f]{32,64})@[\w.-]{0,100}sentry/dg,
  },
  {
    kind: 'password in a command',
    hints: ['requirepass'],
    pattern: /\brequirepass[ \t]{1,4}["']?(?<secret>[^\s"']{3,200})/dg,
    accepts: isPlainPassword,
    bare: true,
  },
  {
    kind: 'login line',
    hints: ['login '],
    pattern: /\blogin\s{1,4}[^\s]{1,100}\s{1,4}password\s{1,4}(?<secret>[^\s]{3,200})/dg,
    accepts: isPlainPassword,
    bare: true,
  },
]
