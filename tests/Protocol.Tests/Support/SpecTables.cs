namespace Chat.Protocol.Tests.Support;

/// <summary>Reads the tables of protocol-spec.md.</summary>
internal static class SpecTables
{
    /// <summary>Cells of the first table behind a heading, without header and rule.</summary>
    public static List<string[]> RowsUnder(string heading)
    {
        string[] lines = Files.Spec.Split('\n');
        int start = Array.FindIndex(lines, line => line.StartsWith(heading, StringComparison.Ordinal));
        Assert.That(start, Is.GreaterThanOrEqualTo(0), $"protocol-spec.md has no heading '{heading}'");

        return lines.Skip(start + 1)
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())
            .ToList();
    }
}
