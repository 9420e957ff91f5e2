/** The emoji of the picker, by group; each is one character as people see it. Loaded when the picker opens. */
const groups = {
  faces:
    '😀 😃 😄 😁 😆 😅 🤣 😂 🙂 🙃 😉 😊 😇 🥰 😍 🤩 😘 😗 😋 😛 😜 🤪 😝 🤑 🤗 🤭 🤫 🤔 🤐 🤨 😐 😑 😶 😏 😒 🙄 😬 😌 😔 😪 😴 😷 🤒 🤕 🤢 🤮 🤧 🥵 🥶 😵 🤯 🤠 🥳 😎 🤓 🧐 😕 😟 🙁 😮 😯 😲 😳 🥺 😦 😧 😨 😰 😥 😢 😭 😱 😖 😣 😞 😓 😩 😫 🥱 😤 😡 😠 🤬 😈 💀 💩 🤡 👻 👽 🤖',
  hands:
    '👍 👎 👌 🤌 🤏 ✌️ 🤞 🤟 🤘 🤙 👈 👉 👆 👇 ☝️ ✋ 🤚 🖐️ 🖖 👋 👏 🙌 👐 🤲 🤝 🙏 ✍️ 💪 👀 🧠 🙋 🙆 🙅 🤷 🤦 💁 🙇 💃 🕺 🏃 👶 👩 👨 👵 👴',
  hearts: '❤️ 🧡 💛 💚 💙 💜 🖤 🤍 🤎 💔 ❣️ 💕 💞 💓 💗 💖 💘 💝 💯 💢 💥 💫 💦 💨 🔥 ✨ ⭐ 🌟 🎉 🎊',
  nature:
    '🐶 🐱 🐭 🐹 🐰 🦊 🐻 🐼 🐨 🐯 🦁 🐮 🐷 🐸 🐵 🙈 🙉 🙊 🐔 🐧 🐦 🦉 🐝 🦋 🐌 🐢 🐍 🐙 🐟 🐬 🐳 🌵 🌲 🌴 🍀 🌹 🌻 🌸 🌍 🌙 ☀️ ⛅ 🌧️ ❄️ 🌈 ⚡',
  food: '🍏 🍎 🍐 🍊 🍋 🍌 🍉 🍇 🍓 🍒 🍑 🥭 🍍 🥝 🍅 🥑 🌽 🥕 🥐 🍞 🧀 🍳 🥞 🍔 🍟 🍕 🌮 🥗 🍝 🍜 🍣 🍦 🍰 🎂 🍫 🍿 🍩 🍪 ☕ 🍵 🍺 🍷 🍾',
  things: '⚽ 🏀 🎾 🏆 🥇 🎮 🎲 🎸 🎧 🎬 📷 💻 📱 ⌚ 💡 📚 📝 📌 📎 ✂️ 🔒 🔑 🔨 🎁 🎈 💰 💎 🚗 🚲 ✈️ 🚀 🏠 🏖️ ⛺ ⏰ ⏳ 📅 ☎️ ✉️ 💊',
  signs: '✅ ☑️ ✔️ ❌ ❎ ➕ ➖ ❓ ❗ ‼️ ⚠️ 🚫 🔴 🟠 🟡 🟢 🔵 🟣 ⚫ ⚪ 🆗 🆕 🔝 ♻️ ▶️ ⏸️ 🏁 🏳️‍🌈',
} as const;

export type EmojiGroup = keyof typeof groups;

export const emojiGroups: readonly { readonly name: EmojiGroup; readonly emoji: readonly string[] }[] = Object.entries(groups).map(
  ([name, emoji]) => ({ name: name as EmojiGroup, emoji: emoji.split(' ') }),
);
