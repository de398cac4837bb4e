/** Where events wait until the hub has them: small texts under names. */
export type Store = {
  names(): string[];
  read(name: string): string | null;
  /** Throws when there is no room. */
  write(name: string, text: string): void;
  remove(name: string): void;
};

/** Gone with the process: for servers, and for browsers that keep nothing. */
export function memoryStore(): Store {
  const texts = new Map<string, string>();
  return {
    names: () => [...texts.keys()],
    read: (name) => texts.get(name) ?? null,
    write: (name, text) => void texts.set(name, text),
    remove: (name) => void texts.delete(name),
  };
}

/** Survives a reload of the page and the end of the browser; shared by the tabs of one origin. */
export function webStore(storage: Storage, prefix = "trato/"): Store {
  return {
    names: () => {
      const found: string[] = [];
      for (let i = 0; i < storage.length; i++) {
        const name = storage.key(i)!;
        if (name.startsWith(prefix)) found.push(name.slice(prefix.length));
      }
      return found;
    },
    read: (name) => storage.getItem(prefix + name),
    write: (name, text) => storage.setItem(prefix + name, text),
    remove: (name) => storage.removeItem(prefix + name),
  };
}

/** The browser's own store where there is one that works; private windows may have one that takes nothing. */
export function bestStore(): Store {
  try {
    const { localStorage: storage, document: page } = globalThis as {
      localStorage?: Storage;
      document?: object;
    };
    if (storage === undefined || page === undefined) return memoryStore();
    const store = webStore(storage);
    store.write("works", "1");
    store.remove("works");
    return store;
  } catch {
    return memoryStore();
  }
}
