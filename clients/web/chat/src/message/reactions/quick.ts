/** What most people answer with. */
export const quickReactions = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;
