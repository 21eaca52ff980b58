using Mono.Cecil;
using Mono.Cecil.Cil;

namespace SessionWeb.UnitTests.Architecture;

/// <summary>The references between the source folders of an assembly, read from its code and debug symbols.</summary>
internal sealed class FolderReferences : IDisposable
{
    private readonly ModuleDefinition _module;
    private readonly string _project;
    private readonly string _root;
    private readonly Dictionary<TypeDefinition, string> _folders = [];

    /// <param name="assembly">The assembly's path.</param>
    /// <param name="project">The project's folder name, such as <c>SessionWeb.Sessions</c>.</param>
    public FolderReferences(string assembly, string project)
    {
        _module = ModuleDefinition.ReadModule(assembly, new ReaderParameters { ReadSymbols = true });
        (_project, _root) = (project, $"/{project}/");
        foreach (var type in _module.Types)
        {
            if (FolderOf(type) is { } folder)
                _folders[type] = folder;
        }
    }

    /// <summary>Each reference from one folder to another, as "from → to", with an example.</summary>
    public IEnumerable<(string From, string To, string Example)> Between() =>
        from type in _folders.Keys
        from reference in Names(type)
        let target = reference.Resolve() is { } resolved && resolved.Module == _module ? Outermost(resolved) : null
        where target is not null && _folders.TryGetValue(target, out _) && _folders[target] != _folders[type]
        select (_folders[type], _folders[target], $"{type.Name} → {target.Name}");

    /// <summary>Each reference that is not allowed, and each use that would make a cycle possible.</summary>
    /// <param name="allowed">The folders that each folder may use. They must precede it.</param>
    public IEnumerable<(string From, string To, string Example)> Forbidden((string Folder, string[] Uses)[] allowed)
    {
        var uses = allowed.ToDictionary(folder => folder.Folder, folder => folder.Uses);
        var early = allowed.SelectMany((folder, i) => folder.Uses
            .Except(allowed.Take(i).Select(earlier => earlier.Folder))
            .Select(use => (folder.Folder, use, "does not precede it")));
        return early.Concat(Between().Where(reference => !uses[reference.From].Contains(reference.To))
            .DistinctBy(reference => (reference.From, reference.To)));
    }

    /// <summary>The namespaces of other assemblies that the types of a folder use, with an example.</summary>
    public IEnumerable<(string Namespace, string Example)> External(string folder) =>
        from type in _folders.Keys
        where _folders[type] == folder
        from reference in Names(type)
        where reference.Scope != _module
        select (reference.Namespace, $"{type.Name} → {reference.FullName}");

    public void Dispose() => _module.Dispose();

    // Types without code, such as interfaces, have no debug symbols. Their namespace names the folder.
    private string? FolderOf(TypeDefinition type)
    {
        if (type.Name.StartsWith('<'))
            return null;
        var document = Nested(type).SelectMany(nested => nested.Methods)
            .SelectMany(method => method.DebugInformation.SequencePoints).Select(point => point.Document.Url)
            .FirstOrDefault(url => url.Contains(_root, StringComparison.Ordinal)
                && !url.Contains("/obj/", StringComparison.Ordinal));
        if (document is null)
            return type.Namespace[_project.Length..].TrimStart('.').Split('.')[0];
        var path = document[(document.LastIndexOf(_root, StringComparison.Ordinal) + _root.Length)..];
        return path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";
    }

    private static IEnumerable<TypeReference> Names(TypeDefinition type)
    {
        foreach (var nested in Nested(type))
        {
            IEnumerable<TypeReference?> used =
            [
                nested.BaseType,
                .. nested.Interfaces.Select(i => i.InterfaceType),
                .. nested.Fields.Select(field => field.FieldType),
                .. nested.Methods.SelectMany(Signature),
                .. nested.Methods.Where(method => method.HasBody).SelectMany(Body),
            ];
            foreach (var reference in used.OfType<TypeReference>().SelectMany(Parts))
                yield return reference;
        }
    }

    private static IEnumerable<TypeReference> Signature(MethodDefinition method) =>
        [method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)];

    private static IEnumerable<TypeReference?> Body(MethodDefinition method) =>
        method.Body.Variables.Select(variable => variable.VariableType)
            .Concat(method.Body.Instructions.SelectMany(Operand));

    private static IEnumerable<TypeReference?> Operand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        GenericParameter => [],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    private static IEnumerable<TypeDefinition> Nested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(Nested).Prepend(type);

    private static TypeDefinition Outermost(TypeDefinition type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;
}
