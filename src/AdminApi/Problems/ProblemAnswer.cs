using Chat.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Problems;

/// <summary>The failing half of a route's answer.</summary>
internal sealed class ProblemAnswer(Rejection rejection) : IResult
{
    public static ProblemAnswer Of(Failure failure) => new(new Rejection(failure));

    public static ProblemAnswer Missing(string field) => new(Rejections.Missing(field));

    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.RequestServices.GetRequiredService<ProblemWriter>().WriteAsync(httpContext, rejection);
}
