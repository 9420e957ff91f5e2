using Chat.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Chat.AdminApi.Problems;

/// <summary>Turns a use case's result into the answer of a route.</summary>
internal static class ResultAnswers
{
    public static Results<Ok<TResource>, ProblemAnswer> ToOk<T, TResource>(this Result<T> result, Func<T, TResource> toResource) =>
        result.IsOk ? TypedResults.Ok(toResource(result.Value)) : ProblemAnswer.Of(result.Failure);

    public static Results<Created<TResource>, ProblemAnswer> ToCreated<T, TResource>(
        this Result<T> result, Func<T, TResource> toResource, Func<T, string> location) =>
        result.IsOk ? TypedResults.Created(location(result.Value), toResource(result.Value)) : ProblemAnswer.Of(result.Failure);

    public static Results<NoContent, ProblemAnswer> ToNoContent<T>(this Result<T> result) =>
        result.IsOk ? TypedResults.NoContent() : ProblemAnswer.Of(result.Failure);
}
