using System.Globalization;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Search;

namespace Chat.Domain.Search;

/// <summary>What a message, or a name, is found by.</summary>
public static class MessageWords
{
    /// <summary>Different words of a text that it is found by, the first ones: one message does not fill the index.</summary>
    public const int MaxWords = 500;

    /// <summary>A word that no text has: who sent it.</summary>
    internal static string Sender(long principalId) => string.Create(CultureInfo.InvariantCulture, $"@{principalId}");

    /// <summary>A word that no text has: whose message it answers. No search asks for it, but the list of notices (ADR 0037).</summary>
    private static string Answered(long principalId) => string.Create(CultureInfo.InvariantCulture, $">{principalId}");

    /// <summary>A word that no text has: what it is.</summary>
    internal static string Kind(ContentKind kind) => string.Create(CultureInfo.InvariantCulture, $"#{(int)kind}");

    /// <summary>The words of a message as it was sent, or of a text that it got later; each once.</summary>
    public static IReadOnlyCollection<string> Of(IndexedText text)
    {
        HashSet<string> words = new(StringComparer.Ordinal);
        Add(words, text.Text);
        if (text.IsEdit) return words;

        words.Add(SearchStore.AnyMessage);
        words.Add(Sender(text.SenderId));
        if (text.AnsweredId is { } answered && answered != text.SenderId) words.Add(Answered(answered));
        WireContent? content = text.Content is { } json ? ContentJson.Read(json) : null;
        if (content is not null && content.Kind != ContentKind.Text) words.Add(Kind(content.Kind));
        Add(words, NameOf(content));
        return words;
    }

    /// <summary>The words of a name; each once.</summary>
    public static IReadOnlyCollection<string> OfName(string name)
    {
        HashSet<string> words = new(StringComparer.Ordinal);
        Add(words, name);
        return words;
    }

    /// <summary>What stands beside the text and is found with it: the name of a file, or of a place.</summary>
    internal static string? NameOf(WireContent? content) => content?.Media?.FileName ?? content?.Location?.Name;

    private static void Add(HashSet<string> words, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        int most = words.Count + MaxWords;
        foreach (string word in FoldedText.Of(text).Words.SelectMany(word => word.IsRun ? word.Pairs() : [word.Key]))
        {
            words.Add(word);
            if (words.Count == most) return;
        }
    }
}
