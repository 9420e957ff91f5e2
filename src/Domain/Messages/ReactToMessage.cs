using System.Globalization;
using System.Text;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Reacts to a message with one emoji, in place of one's earlier one, or takes that back .</summary>
public sealed class ReactToMessage(ChangeMessage change)
{
    /// <summary>Bytes of UTF-8; the longest emoji of Unicode 16 takes 35.</summary>
    private const int MaxEmojiBytes = 64;

    /// <param name="emoji">Null takes one's reaction back.</param>
    /// <returns>The event that tells of it; for a reaction that is there already, the one that told of it.</returns>
    public async Task<Result<SentMessage>> ExecuteAsync(
        Caller caller, long chatId, Guid clientMessageId, long sequence, string? emoji, CancellationToken ct)
    {
        if (emoji is not null && !IsOneEmoji(emoji))
            return Failures.Invalid("emoji", $"emoji is not one emoji of at most {MaxEmojiBytes} bytes: send one, or none to take yours back.");
        return await change.ExecuteAsync(
            caller, new MessageChange(chatId, caller.PrincipalId, EventKinds.Reaction, clientMessageId, sequence, emoji ?? ""), ct);
    }

    /// <summary>
    /// One character as people see it that is no letter, space or control character. Not a list of emoji: that would be old each year.
    /// </summary>
    private static bool IsOneEmoji(string emoji)
    {
        if (emoji.Length == 0 || emoji.Length > MaxEmojiBytes) return false;
        if (TextRules.HasLoneSurrogate(emoji) || TextRules.HasControlCharacter(emoji)) return false;
        if (Encoding.UTF8.GetByteCount(emoji) > MaxEmojiBytes || StringInfo.GetNextTextElementLength(emoji) != emoji.Length) return false;
        Rune first = Rune.GetRuneAt(emoji, 0);
        bool isKeycap = emoji.EndsWith('\u20E3') && emoji.Length > 1; // 1️⃣ begins with a digit
        return isKeycap || Rune.GetUnicodeCategory(first) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol
            or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OtherNotAssigned;
    }
}
