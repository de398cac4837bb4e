import assert from "node:assert/strict";
import { after, test } from "node:test";
import { hostOf, mayConnect, refusalOfUrl } from "./address.ts";
import { type PostNeeds, post, type Resolve } from "./post.ts";
import { receiver } from "./testing/receiver.ts";

const inside = await receiver();
after(() => inside.stop());

const strict = { loopback: false };
const needs = (resolve: Resolve, allow = strict): PostNeeds => ({
  ...{ allow, resolve },
  nowMs: () => 0,
  answerMsMax: 2_000,
});
const never: Resolve = () => assert.fail("an address is not looked up");
const message = { headers: {}, body: "{}" };

/** The address tricks: other spellings of this machine, of its network, and of the cloud's metadata service. */
const tricks = [
  ...["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"],
  ...["[::ffff:7f00:1]", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[64:ff9b::7f00:1]", "0.0.0.0"],
  ...["10.0.0.1", "172.16.0.1", "192.168.1.1", "[fe80::1]", "224.0.0.1", "255.255.255.255", "①②⑦.⓪.⓪.①"],
  ...["localhost", "localhost.", "api.localhost", "db.internal", "printer.local", "intranet", "[::]"],
  ...["[2002:7f00:1::]", "[2001:db8::1]", "[::7f00:1]", "0x7f.1", "0"],
];

test("no spelling of a local address is taken, when a webhook is made or when something is sent", async () => {
  for (const host of tricks) {
    for (const port of ["", ":443", ":8443", `:${inside.port}`]) {
      const url = `https://${host}${port}/`;
      assert.notEqual(refusalOfUrl(url, strict), undefined, url);
      const { outcome } = await post(needs(never), { url, ...message });
      assert.equal(outcome, "address_refused", url);
    }
  }
  assert.equal(inside.connections(), 0);
});

test("other protocols, ports and addresses with a user are not taken either", () => {
  for (const url of [
    ...[
      "http://example.com/",
      "file:///etc/passwd",
      "gopher://example.com/",
      "ftp://example.com/",
      "data:,x",
    ],
    ...["https://example.com:22/", "https://example.com:5432/", "https://ana:secret@example.com/", "//x", ""],
    ...["javascript:alert(1)", "https://"],
  ]) {
    assert.notEqual(refusalOfUrl(url, strict), undefined, url);
  }
  for (const url of ["https://example.com/", "https://example.com:8443/a?b=c", "https://93.184.215.14/"]) {
    assert.equal(refusalOfUrl(url, strict), undefined, url);
  }
  assert.equal(refusalOfUrl("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", strict), undefined);
});

test("a name that stands for a local address, alone or among others, or only at the second look, is not connected to", async () => {
  const url = `https://hooks.example.com:8443/`;
  const local = { address: "127.0.0.1", family: 4 };
  const far = { address: "93.184.215.14", family: 4 };
  for (const found of [[local], [far, local], [{ address: "::ffff:127.0.0.1", family: 6 }], []]) {
    const { outcome } = await post(
      needs(async () => found),
      { url, ...message },
    );
    assert.equal(outcome, "address_refused", JSON.stringify(found));
  }
  // DNS rebinding: whoever looks twice gets a public address to check and a local one to connect to.
  let looks = 0;
  const rebinding: Resolve = async () => [looks++ === 0 ? far : local];
  await post({ ...needs(rebinding), answerMsMax: 300 }, { url, ...message });
  assert.equal(looks, 1, "it is looked up once, so what was checked is what is connected to");
  assert.equal((await post(needs(rebinding), { url, ...message })).outcome, "address_refused");
  assert.equal(inside.connections(), 0);
});

test("this machine is reached only when the setting allows it, and then nothing else that is local", async () => {
  const loopback = { loopback: true };
  const sent = await post(needs(never, loopback), { url: `${inside.url}/ok`, ...message });
  assert.deepEqual([sent.outcome, sent.status], ["arrived", 204]);
  for (const host of ["10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]"]) {
    assert.notEqual(refusalOfUrl(`https://${host}/`, loopback), undefined, host);
  }
  assert.equal(mayConnect("::1", loopback), true);
  assert.equal(mayConnect("not an address", loopback), false);
  assert.equal(hostOf(new URL("https://[::1]:8443/")), "::1");
});
