"""The one search box: number, identity number, name, pinyin, address, account; its page and its JSON."""
