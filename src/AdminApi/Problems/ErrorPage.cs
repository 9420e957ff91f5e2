using System.Globalization;
using System.Text;
using Chat.Protocol.Codes;

namespace Chat.AdminApi.Problems;

/// <summary>The page that a problem's <c>type</c> points at: every code with its status and meaning, to be reached by name or number. Made once, without a script.</summary>
internal static class ErrorPage
{
    public static string Html { get; } = Make();

    private static string Make()
    {
        StringBuilder page = new();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Error codes</title>")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head><body><h1>Error codes</h1>")
            .Append("<p>A failed request is answered with application/problem+json (RFC 9457); its <code>type</code> links to a row here. ")
            .Append("A code's status is the usual one: a body that cannot be read, an unknown route, a wrong method or media type are ")
            .Append("<code>invalid_argument</code> with 400, 404, 405, 413 or 415.</p>")
            .Append("<table><thead><tr><th>Code</th><th>Name</th><th>Status</th><th>Try again</th><th>Meaning</th></tr></thead><tbody>");
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>().Where(code => (int)code != 0))
        {
            string name = ErrorCodes.Name(code);
            page.Append(CultureInfo.InvariantCulture, $"<tr id=\"{name}\"><td id=\"{(int)code}\">{(int)code}</td><td><code>{name}</code></td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{ErrorCodes.HttpStatus(code)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{(ErrorCodes.IsRetryable(code) ? "yes" : "no")}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{ErrorTitles.Of(code)}</td></tr>");
        }

        return page.Append("</tbody></table></body></html>").ToString();
    }
}
