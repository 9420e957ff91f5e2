namespace Chat.Server.Diagnostics.Metrics;

/// <summary>Turns the names of instruments into those of the Prometheus text format, version 0.0.4.</summary>
internal static class MetricNames
{
    /// <summary>The instrument's name with its unit, and <c>_total</c> for what only grows.</summary>
    /// <param name="unit">As the instrument has it: UCUM, or an annotation in braces, which says nothing that the name does not.</param>
    public static string Compose(string name, string? unit, bool isCounter)
    {
        string composed = Clean(name);
        string suffix = UnitSuffix(unit);
        if (suffix.Length > 0 && !composed.EndsWith(suffix, StringComparison.Ordinal)) composed += suffix;
        return isCounter && !composed.EndsWith("_total", StringComparison.Ordinal) ? composed + "_total" : composed;
    }

    /// <summary>A name that the format takes: letters, digits and underscores, a digit not first.</summary>
    public static string Clean(string name)
    {
        Span<char> clean = stackalloc char[Math.Min(name.Length, 200)];
        for (int i = 0; i < clean.Length; i++) clean[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
        return clean.IsEmpty || char.IsAsciiDigit(clean[0]) ? string.Concat("_", clean) : new string(clean);
    }

    private static string UnitSuffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        _ => "",
    };
}
