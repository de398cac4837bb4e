import { BlockList, isIP } from "node:net";

/** What an address may be besides public ones: this machine, when the hub's setting allows it. */
export type Allow = { readonly loopback: boolean };

/** Not on the public internet. Source: IANA IPv4 Special-Purpose Address Registry, and multicast. */
const notPublic4 = subnets("ipv4", [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"],
  ...["203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
]);
/** All that is public in IPv6 lies in 2000::/3; the rest is local, or an IPv4 address in disguise. */
const global6 = subnets("ipv6", ["2000::/3"]);
const notPublic6 = subnets("ipv6", ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);
const loopback4 = subnets("ipv4", ["127.0.0.0/8"]);

function subnets(family: "ipv4" | "ipv6", texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [net = "", bits] = text.split("/");
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}

/** Whether we may connect to an IP address. */
export function mayConnect(address: string, allow: Allow): boolean {
  const isLoopback = address === "::1" || (isIP(address) === 4 && loopback4.check(address, "ipv4"));
  if (isLoopback) return allow.loopback;
  if (isIP(address) === 4) return !notPublic4.check(address, "ipv4");
  if (isIP(address) === 6) return global6.check(address, "ipv6") && !notPublic6.check(address, "ipv6");
  return false;
}

const localName = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|onion)\.?$/;
const ports = new Set(["", "443", "8443"]);

/**
 * Why an address may not be a webhook's, or undefined when it may. Names are looked up only when something is sent,
 * each time anew, and what they stand for is checked then: a name that was harmless here may not be later.
 */
export function refusalOfUrl(text: string, allow: Allow): string | undefined {
  if (!URL.canParse(text)) return "give an absolute URL";
  const url = new URL(text);
  const host = hostOf(url);
  const isLoopback = host === "localhost" || host === "::1" || (isIP(host) === 4 && loopback4.check(host));
  if (isLoopback && allow.loopback) {
    return url.protocol === "http:" || url.protocol === "https:" ? undefined : "use http or https";
  }
  if (url.protocol !== "https:") return "use https";
  if (url.username !== "" || url.password !== "") return "leave out user and password: deliveries are signed";
  if (!ports.has(url.port)) return "use port 443 or 8443";
  if (isIP(host) === 0 ? localName.test(host) || !host.includes(".") : !mayConnect(host, allow)) {
    return "use a public address";
  }
  return undefined;
}

/** The host as sockets take it: an IPv6 address without brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");
