/** Everything that is said, Chinese and English at once: whoever holds a certificate may read either. */

import type { Tone, Why } from "./pure/judge.ts";
import type { Scanned } from "./pure/address.ts";

export type Pair = readonly [string, string];
export type Refusal = Exclude<Scanned["kind"], "ours"> | "no_lists" | "no_code";

export const TONES: Record<Tone, Pair> = {
  good: ["有效", "Valid"],
  old: ["签发时有效", "Valid when issued"],
  bad: ["不可采信", "Not to be relied on"],
  unsure: ["不能确认", "Cannot be confirmed"],
};

/** The headline where it says more than the tone's. */
export const HEADS: Partial<Record<Why | Refusal, Pair>> = {
  gone: ["已撤销或已换发", "Revoked or superseded"],
  revoked: ["已撤销", "Revoked"],
  superseded: ["已换发", "Superseded"],
  unknown_key: ["不是本中心的证书", "Not a certificate of this centre"],
  signature: ["签名不对", "The signature is wrong"],
  other_base: ["签名属于另一家基地", "Signed by another base"],
  other_certificate: ["二维码拼凑而成", "Two certificates in one code"],
  not_in_register: ["查无此证", "Unknown to the register"],
  stolen: ["签名密钥已报失", "The signing key was stolen"],
  retired_key: ["签名密钥当时已停用", "The signing key was retired"],
  other_host: ["不是我们的二维码", "Not our QR code"],
  not_ours: ["不是证书二维码", "No certificate’s QR code"],
  broken: ["不是证书二维码", "No certificate’s QR code"],
  too_long: ["二维码内容过长", "The QR code is too long"],
  bare: ["这里不能核验", "Cannot be checked here"],
  no_code: ["没有找到二维码", "No QR code was found"],
  no_lists: ["还没有准备好", "Not ready yet"],
};

const ASK: Pair = ["在问清之前，请不要认可这份证书。", "Until that is settled, do not accept the certificate."];

export const SAID: Record<Why | Refusal, readonly Pair[]> = {
  valid: [["签名有效，没有撤销或换发的记录。", "The signature holds; no revocation or replacement is on record."]],
  offline: [
    ["签名有效。现在没有网络，不知道那以后是否撤销。", "The signature holds. Without a network nothing is known of a revocation after that."],
    ["有网络时请再核验一次。", "Check once more when there is a network."],
  ],
  aged: [["签名有效，但服务中心给出的状态表已超过 24 小时。", "The signature holds, but the centre’s list of statuses is more than 24 hours old."]],
  clock: [["签名有效，但状态表的时间比这部手机的时钟还晚，不知道它有多旧。请校准手机时间。", "The signature holds, but the list of statuses is of a time that this phone’s clock has not reached. Set the clock."]],
  gone: [["这份证书已被发证基地撤销，或已换发新的版本，请勿采信。请持证人出示新版本。", "The issuer has revoked this certificate or issued a new version: do not rely on it. Ask the holder for the new one."]],
  revoked: [["这份证书不再有效，请勿采信。", "This certificate is no longer valid; do not rely on it."]],
  superseded: [["这一份不再有效，请让持证人出示新版本。", "This version is no longer valid: ask the holder for the new one."]],
  unknown_key: [["签名所用的密钥不在服务中心的名单中：这份证书不是本中心的培训基地颁发的。", "The key of the signature is not on the centre’s list: no training base of this centre issued it."]],
  unknown_key_old: [["手机里的名单中没有签名所用的密钥。可能是名单以后新认定的基地，也可能是伪造。请联网后再核验。", "The list on this phone does not have the key of the signature. The base may be newer than the list, or the paper forged. Check again with a network."], ASK],
  signature: [["二维码的内容被改动过，或由别人签名。", "What the QR code says was changed, or somebody else signed it."]],
  other_base: [["证书编号是一家基地的，签名却是另一家的。", "The number is of one base, the signature of another."], ASK],
  other_certificate: [["二维码里的核验码属于一份证书，签名属于另一份。这是伪造的常见做法。", "The code in the QR is of one certificate, the signature of another. Forgers do this."]],
  not_in_register: [["登记簿中没有二维码里的核验码。", "The register does not have the code in the QR."], ASK],
  register_fault: [["登记簿不能确认这份证书。", "The register cannot confirm this certificate."], ASK],
  stolen: [["签名所用的密钥在发证之日或更早已经报失，别人也可能用它签名。", "The key was reported stolen on or before the day of issue: somebody else may have signed."], ASK],
  stolen_since: [["签名所用的密钥后来报失，日期可能被倒填。没有网络时不能判断，请打开网上核验页。", "The key was reported stolen later, and a thief could have dated back. Without a network this cannot be decided: open the online page."]],
  retired_key: [["证书的日期晚于密钥停用的日期。", "The certificate is dated after its key was retired."], ASK],
  no_status: [["签名有效，但没有这份证书的状态表，不知道它是否已被撤销。请联网后再核验。", "The signature holds, but there is no list of statuses for it, so a revocation would not be seen. Check again with a network."]],
  other_host: [["这个二维码指向别的网站。仿冒核验网站是常见的骗局：不要打开它，也不要认可这份证书。", "This QR code leads to another site. Cloned checking sites are a known fraud: do not open it, and do not accept the certificate."]],
  not_ours: [["二维码里没有证书的地址。请扫描证书上的那一个。", "It holds no address of a certificate. Scan the one on the paper."]],
  broken: [["地址是服务中心的，但不是一份证书；二维码可能损坏或被改动。", "The address is the centre’s but not of a certificate: the code may be damaged or altered."], ASK],
  too_long: [["我们的二维码没有这么长，可能被改动。", "No code of ours is that long; it may be altered."], ASK],
  bare: [["这个地址没有签名，只能在网上核验。", "This address has no signature and can only be checked online."]],
  no_code: [["请让二维码占满画面、光线充足、不要反光，再试一次。", "Fill the picture with the code, in good light and without glare, and try again."]],
  no_lists: [["手机里还没有服务中心的名单。请在有网络时打开这个页面一次。", "The centre’s list is not on this phone yet. Open this page once with a network."]],
};

export const CLAIMS = [
  ["number", "证书编号", "Certificate number"],
  ["name", "姓名", "Name"],
  ["project", "培训项目", "Project"],
  ["hours", "课时", "Class hours"],
  ["issued", "发证日期", "Issued on"],
] as const;

/** Why the list that is kept stays, when a newer one did not convince. */
export const KEPT: Record<"stranger" | "older" | "shape", Pair> = {
  stranger: [
    "网上的名单由这部手机不认识的密钥签名，没有采用，仍用原来的名单。请打电话问服务中心是否换过密钥；确认以后可以重新建立信任。",
    "The list online is signed by a key that this phone does not know. It was not taken; the old list stays. Call the centre and ask whether its key was replaced; if so, trust can be set up anew.",
  ],
  older: ["网上的名单比手机里的旧，没有采用。", "The list online is older than the one on this phone and was not taken."],
  shape: ["网上的回答不是服务中心的名单（可能要先登录这个 Wi-Fi），没有采用。", "What came is not the centre’s list (perhaps this Wi-Fi wants a sign-in); it was not taken."],
};

/** A moment as the phone's clock shows it: 2026-11-25 18:05. */
export function moment(at: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const when = new Date(at);
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())} ${two(when.getHours())}:${two(when.getMinutes())}`;
}
