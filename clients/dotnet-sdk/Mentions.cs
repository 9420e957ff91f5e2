using System.Text;
using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>A page of messages that mention one, the newest first.</summary>
/// <param name="Items">The messages; <see cref="ChatHandle"/> reads them.</param>
/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record MentionPage(IReadOnlyList<MentioningMessage> Items, string? NextCursor);

/// <summary>A message that mentions one.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">Its place there.</param>
/// <param name="Text">Its text as it is now.</param>
public sealed record MentioningMessage(long ChatId, long Sequence, string? Text);

/// <summary>
/// Makes a text with whom it mentions: <c>new MentionText().Add("Look, ").Mention(7, "@Anna").Add("!")</c>. Not thread-safe.
/// </summary>
public sealed class MentionText
{
    private readonly StringBuilder _text = new();
    private readonly List<TextMark> _marks = [];

    /// <summary>All of the text.</summary>
    public string Text => _text.ToString();

    /// <summary>What is sent beside the text.</summary>
    public MessageContent Content => new() { Kind = ContentKind.Text, Marks = [.. _marks] };

    /// <summary>Text that mentions nobody.</summary>
    public MentionText Add(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Text that names somebody, who is told.</summary>
    /// <param name="principalId">Whom it names.</param>
    /// <param name="text">The name as it stands in the text, such as <c>@Anna</c>.</param>
    public MentionText Mention(long principalId, string text)
    {
        _marks.Add(new TextMark(MarkKind.Mention, _text.Length, text.Length, principalId));
        return Add(text);
    }
}
