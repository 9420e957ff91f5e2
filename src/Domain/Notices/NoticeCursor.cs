using System.Globalization;
using Chat.Storage.Notices;

namespace Chat.Domain.Notices;

/// <summary>Where a page of notices goes on: a key for each source with a dot between, its numbers with a hyphen; nothing where it is at its beginning.</summary>
internal static class NoticeCursor
{
    private const int NumbersOfKey = 4;

    public static string Write(IReadOnlyList<NoticeKey> keys) => string.Join('.', keys.Select(
        key => key == NoticeKey.Start
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{key.First}-{key.Second}-{key.Third}-{key.Fourth}")));

    /// <summary>False for anything that <see cref="Write"/> does not make.</summary>
    public static bool TryRead(string cursor, out IReadOnlyList<NoticeKey> keys)
    {
        keys = [];
        string[] parts = cursor.Split('.');
        if (parts.Length != NoticeStore.Beginning.Count) return false;

        var read = new NoticeKey[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!TryReadKey(parts[i], out read[i])) return false;
        }

        keys = read;
        return true;
    }

    private static bool TryReadKey(string part, out NoticeKey key)
    {
        key = NoticeKey.Start;
        if (part.Length == 0) return true;
        string[] texts = part.Split('-');
        if (texts.Length != NumbersOfKey) return false;

        var numbers = new long[NumbersOfKey];
        for (int i = 0; i < NumbersOfKey; i++)
        {
            if (!long.TryParse(texts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }

        key = new NoticeKey(numbers[0], numbers[1], numbers[2], numbers[3]);
        return true;
    }
}
